import path from 'node:path';
import { AppError } from '../errors';

export const appScheme = 'ai-shell';
export const appOrigin = `${appScheme}://app`;

/** The file below `folder` that a URL of our scheme names, or null when the URL leaves the folder or names another host. */
export function fileOfUrl(url: string, folder: string): string | null {
  let parsed: URL;
  let pathname: string;
  try {
    parsed = new URL(url);
    pathname = decodeURIComponent(parsed.pathname);
  } catch {
    return null;
  }
  if (parsed.protocol !== `${appScheme}:` || parsed.host !== 'app' || /[\0\\]/.test(pathname)) return null;
  const file = path.resolve(folder, `.${path.posix.normalize(pathname === '/' ? '/index.html' : pathname)}`);
  return file.startsWith(path.resolve(folder) + path.sep) ? file : null;
}

/** The URL if the system's browser may open it: https without user name or password; else AppError `refused`. */
export function checkedExternalUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol !== 'https:' || parsed.username || parsed.password) {
    throw new AppError('refused', 'Only https links are opened outside the program.', { detail: url.slice(0, 200) });
  }
  return parsed.href;
}
