import type { AppErrorData, ErrorCode } from '../src-preload/contract/error';

/** The one error type of the program; it crosses the bridge as its `data`, never as a stack. */
export class AppError extends Error {
  readonly data: AppErrorData;

  constructor(code: ErrorCode, message: string, rest: Omit<AppErrorData, 'code' | 'message'> = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AppError';
    this.data = { code, message, ...rest };
  }

  get code(): ErrorCode {
    return this.data.code;
  }
}

/** Turns whatever was thrown into an AppError; what is not one already becomes `internal`, or `cancelled` for an abort. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') return new AppError('cancelled', 'Cancelled.', {}, { cause: thrown });
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('internal', message, { hint: 'This is a defect of the program. The log has the details.' }, { cause: thrown });
}
