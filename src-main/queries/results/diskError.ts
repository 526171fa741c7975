import { AppError } from '../../errors';

/** A failed file operation as the error that a person sees; `what` begins the sentence. */
export function diskError(what: string, folder: string, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const { code, message } = thrown as NodeJS.ErrnoException;
  const full = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
  return new AppError(
    'disk',
    full ? `${what}: no space is left on the disk.` : `${what}: ${message}`,
    {
      hint: full ? `Free space on the disk of ${folder}, close results that are no longer needed, or ask for fewer rows.` : `Check that ${folder} exists and is writable.`,
      ...(code === undefined ? {} : { detail: code }),
    },
    { cause: thrown },
  );
}
