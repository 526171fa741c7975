import { serialize } from 'pg-protocol';
import { AppError } from '../../errors';
import type { Driver } from '../driver';
import { postgresSession, silentSink } from './session';

/** See `Driver.copyIn`: the simple protocol, in which the server asks for the data at once and drops what comes after its error. */
export const copyIn: NonNullable<Driver['copyIn']> = async (connection, text, source, options) => {
  let counted: number | null = null;
  const sink = { ...silentSink, complete: ({ rowsAffected }: { rowsAffected: number | null }) => void (counted = rowsAffected) };
  await postgresSession(connection).exchange({ messages: [serialize.query(text)], extended: false, text, sink, copySource: source }, options);
  if (counted === null) throw new AppError('bad_input', 'The statement is no COPY ... FROM STDIN.');
  return counted;
};
