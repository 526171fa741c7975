import type { AppErrorData, ErrorCode } from '../../src-preload/contract/error';

/** The exit statuses that scripts rely on. */
export const EXIT = { done: 0, found: 1, badInput: 2, noConnection: 3, refused: 4, serverError: 5, cancelled: 130 } as const;

const byCode: Readonly<Record<Exclude<ErrorCode, 'timeout'>, number>> = {
  bad_input: EXIT.badInput,
  not_found: EXIT.badInput,
  unsupported: EXIT.badInput,
  disk: EXIT.badInput,
  // None of the promised statuses is made for a defect; 1 would be read as a finding.
  internal: EXIT.badInput,
  connection_failed: EXIT.noConnection,
  connection_lost: EXIT.noConnection,
  busy: EXIT.noConnection,
  secrets_locked: EXIT.noConnection,
  model_unavailable: EXIT.noConnection,
  refused: EXIT.refused,
  confirm_required: EXIT.refused,
  server_error: EXIT.serverError,
  cancelled: EXIT.cancelled,
};

/** PostgreSQL's query_canceled: the time ran out while the server worked, not while connecting. */
export const QUERY_CANCELED = '57014';

/** The exit status of an error; see `EXIT`. */
export function exitStatus(error: AppErrorData): number {
  if (error.code !== 'timeout') return byCode[error.code];
  return error.serverCode === QUERY_CANCELED ? EXIT.serverError : EXIT.noConnection;
}
