import sax from 'sax';
import type { Readable } from 'node:stream';
import { AppError } from '../../errors';

export interface XmlHandlers {
  /** Names without their prefix. */
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Parses XML as it streams in; yields after each piece, so that what the handlers gathered can be taken. Rejects with `bad_input`. */
export async function* parseXml(stream: Readable, handlers: XmlHandlers): AsyncGenerator<void> {
  const parser = sax.parser(true, { position: false });
  let failure: Error | null = null;
  parser.onerror = (error) => {
    failure ??= error;
  };
  parser.onopentag = (tag) => handlers.open?.(localName(tag.name), (tag as sax.Tag).attributes);
  parser.onclosetag = (name) => handlers.close?.(localName(name));
  parser.ontext = (text) => handlers.text?.(text);
  parser.oncdata = (text) => handlers.text?.(text);
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    parser.write(chunk as string);
    if (failure) throw broken(failure);
    yield;
  }
  parser.close();
  if (failure) throw broken(failure);
  yield;
}

/** Parses all of it. */
export async function readXml(stream: Readable, handlers: XmlHandlers): Promise<void> {
  const pieces = parseXml(stream, handlers);
  while (!(await pieces.next()).done);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function broken(error: Error): AppError {
  return new AppError('bad_input', `A part of the workbook cannot be read: ${error.message.split('\n')[0] ?? ''}`, { hint: 'Open it in a spreadsheet program and save it again.' }, { cause: error });
}
