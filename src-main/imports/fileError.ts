import { AppError } from '../errors';

/** A failed operation on a file that the person named, as the error that they see; anything else stays what it is. */
export function fileError(file: string, thrown: unknown): unknown {
  if (thrown instanceof AppError) return thrown;
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) return thrown;
  if (code === 'ENOENT') return new AppError('not_found', `There is no file ${file}.`, { hint: 'Check the path, or choose the file again.' }, { cause: thrown });
  if (code === 'EISDIR') return new AppError('bad_input', `${file} is a folder.`, {}, { cause: thrown });
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new AppError('disk', full ? `${file}: no space is left on the disk.` : `${file}: ${message}`, { hint: 'Check the file, its permissions and the free space.', detail: code }, { cause: thrown });
}
