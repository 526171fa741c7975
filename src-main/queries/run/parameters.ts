import type { ParameterValue } from '../../../src-preload/contract/queries';
import type { Connection, Statement } from '../../drivers/driver';
import { AppError } from '../../errors';
import { readAll } from './readAll';
import type { ScriptStatement } from './script';

/** The statement with its parameters' values beside it, for the extended protocol. */
export function boundStatement({ sent, parameters }: ScriptStatement, values: readonly ParameterValue[]): Statement {
  if (parameters.length === 0) return { text: sent };
  const given = parameters.map((name) => values.find((value) => value.name === name));
  return {
    text: sent,
    parameters: given.map((value) => (value === undefined || value.type === 'null' ? null : value.value)),
    parameterTypes: given.map((value) => (value === undefined || value.type === 'null' || value.type === 'inferred' ? null : value.type)),
  };
}

/** The values that one statement uses. */
export function usedBy({ parameters }: ScriptStatement, values: readonly ParameterValue[]): ParameterValue[] {
  return values.filter(({ name }) => parameters.includes(name));
}

/** The server quotes a value that it does not take: a secret one is neither shown nor written to the history. */
export function withoutSecrets(error: AppError, parameters: readonly ParameterValue[]): AppError {
  const secrets = parameters.filter(({ secret, value }) => secret && value !== '').map(({ value }) => value);
  if (secrets.length === 0) return error;
  const masked = (text: string): string => secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text);
  const { code, message, serverCode, connection, ...rest } = error.data;
  const texts = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, typeof value === 'string' ? masked(value) : value]));
  return new AppError(code, masked(message), { ...texts, ...(serverCode === undefined ? {} : { serverCode }), ...(connection === undefined ? {} : { connection }) });
}

const NAME = 'ai_shell_parameters';

/**
 * The types that the server infers for a statement's parameters, by their numbers; it is prepared on a session of the program's own and
 * never run. Null where the server cannot tell.
 */
export async function inferTypes(connection: Connection, statement: ScriptStatement, signal: AbortSignal): Promise<(string | null)[] | null> {
  // Where backslashes are read in the old way, the server could see an end of the statement that the guard did not.
  if (connection.transaction !== 'idle' || statement.sent.includes('\\')) return null;
  try {
    await readAll(connection, `PREPARE ${NAME} AS ${statement.sent}`, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
  try {
    const [row] = await readAll(connection, `SELECT pg_catalog.array_to_json(parameter_types) FROM pg_catalog.pg_prepared_statements WHERE name = '${NAME}'`, signal);
    const types = JSON.parse(row?.[0] ?? '[]') as string[];
    return types.map((type) => (type === 'unknown' ? null : type));
  } finally {
    await readAll(connection, `DEALLOCATE ${NAME}`, signal);
  }
}
