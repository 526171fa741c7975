import { AppError } from '../errors';

/** Names that Windows keeps for devices, whatever their extension; a repository that holds one cannot be checked out there. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;
const FORBIDDEN = /[<>:"/\\|?*\u0000-\u001f\u007f]/;

/** A name that can be a file's on every system; throws `bad_input` otherwise. */
export function checkedName(name: string): string {
  const trimmed = name.trim();
  const problem = problemOf(trimmed);
  if (problem !== null) throw new AppError('bad_input', `“${name.slice(0, 60)}” cannot be a name: ${problem}.`, { hint: 'Use letters, digits, blanks, - and _.' });
  return trimmed;
}

function problemOf(name: string): string | null {
  if (name === '') return 'it is empty';
  if (Buffer.byteLength(name) > 200) return 'it is too long for a file';
  if (FORBIDDEN.test(name)) return 'it holds one of < > : " / \\ | ? * or a control character';
  if (name.startsWith('.') || name.endsWith('.')) return 'it begins or ends with a dot';
  return DEVICES.test(name) ? 'Windows keeps it for a device' : null;
}

/** Folders with `/` between them; empty is the top. */
export function checkedFolder(folder: string): string {
  if (folder.trim() === '') return '';
  return folder.split('/').map(checkedName).join('/');
}
