import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Document} from 'yaml';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { isAbsent, writeFileAtomic } from '../atomicFile';
import { AppError } from '../errors';
import { mergeYaml } from './mergeYaml';
import type { Workspace, WorkspaceFile } from './service';
import { watchFolder, type FolderWatch } from './watchFolder';
import { workspaceText } from './workspaceText';

/** Opens a folder of definitions. The folder is created by the first write or the first listener, not by opening. */
export function openWorkspace(folder: string): Workspace {
  const absolute = path.resolve(folder);
  const open = new Set<FolderWatch>();
  return {
    folder: absolute,
    file: (name, schema) => {
      if (!/^(?:[\w-]+\/)?[\w-]+\.ya?ml$/.test(name)) throw new AppError('bad_input', `${name} is not the name of a workspace file.`);
      return workspaceFile(absolute, name, schema, open);
    },
    text: (name, longest) => workspaceText(absolute, name, longest, open),
    close: () => {
      for (const watch of open) watch.close();
      open.clear();
    },
  };
}

interface Parsed {
  readonly document: Document;
  readonly lines: LineCounter;
}

function workspaceFile<S extends z.ZodType>(folder: string, name: string, schema: S, open: Set<FolderWatch>): WorkspaceFile<S> {
  const file = path.join(folder, name);
  const listeners = new Set<() => void>();
  let queue: Promise<unknown> = Promise.resolve();
  let watch: FolderWatch | null = null;
  let told: string | null = null;

  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const changedOutside = async (): Promise<void> => {
    // Listeners that then read a file which cannot be read meet the error themselves.
    const text = await readText(file).catch(() => null);
    if (text !== null && text === told) return;
    told = text;
    tell();
  };
  const write = async (current: { text: string; parsed: Parsed; value: unknown }, wanted: z.input<S>): Promise<z.output<S>> => {
    const checked = schema.safeParse(wanted);
    if (!checked.success) throw new AppError('bad_input', `${name} would not be valid: ${describeIssue(checked.error)}.`);
    const before = render(current.parsed.document, current.text);
    mergeYaml(current.parsed.document, current.value, wanted);
    const text = render(current.parsed.document, current.text);
    // Compared as rendered, so that a value that is there already does not reformat the file.
    if (text !== before) {
      await writeFileAtomic(file, text);
      told = text;
      tell();
    }
    return checked.data;
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = queue.then(work, work);
    queue = done.catch(() => undefined);
    return done;
  };
  const load = async (): Promise<{ text: string; parsed: Parsed; value: z.output<S> }> => {
    const text = await readText(file);
    const parsed = parse(file, text);
    return { text, parsed, value: check(file, parsed, schema) };
  };

  return {
    read: async () => (await load()).value,
    write: (value) => inTurn(async () => void (await write(await load(), value))),
    update: (change) =>
      inTurn(async () => {
        const current = await load();
        return write(current, change(current.value));
      }),
    onChange: (listener) => {
      listeners.add(listener);
      if (!watch) {
        watch = watchFolder(path.dirname(file), path.basename(file), changedOutside);
        open.add(watch);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || !watch) return;
        watch.close();
        open.delete(watch);
        watch = null;
      };
    },
  };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return '';
    const message = error instanceof Error ? error.message : String(error);
    throw new AppError('disk', `${file} could not be read: ${message}`, { hint: 'Check the permissions of the file.' }, { cause: error });
  }
}

function parse(file: string, text: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const { line } = lines.linePos(error.pos[0]);
    throw invalid(file, line, error.message, `Mend line ${line} of the file; nothing was changed.`);
  }
  return { document, lines };
}

function check<S extends z.ZodType>(file: string, { document, lines }: Parsed, schema: S): z.output<S> {
  const stored: unknown = document.toJS() ?? {};
  const result = schema.safeParse(stored);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const line = lineOf(document, lines, issue?.path ?? []);
  throw invalid(file, line, describeIssue(result.error), `Mend the field in line ${line} of the file; nothing was changed.`);
}

function invalid(file: string, line: number, problem: string, hint: string): AppError {
  return new AppError('bad_input', `${path.basename(file)}, line ${line}: ${problem}`, { hint, detail: file });
}

/** `connections[0].target.port: expected number`; the first issue only, since later ones often follow from it. */
function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return error.message;
  const field = issue.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return field === '' ? issue.message : `${field.replace(/^\./, '')}: ${issue.message}`;
}

/** The line of the deepest node on the path that exists in the document. */
function lineOf(document: Document, lines: LineCounter, steps: readonly PropertyKey[]): number {
  for (let depth = steps.length; depth >= 0; depth -= 1) {
    const node = document.getIn(steps.slice(0, depth), true) as { range?: [number, number, number] | null } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function render(document: Document, before: string): string {
  const text = document.toString({ lineWidth: 0 });
  return before.includes('\r\n') ? text.replace(/\r?\n/g, '\r\n') : text;
}
