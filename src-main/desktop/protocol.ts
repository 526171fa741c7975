import { app, protocol, session } from 'electron';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { appScheme, fileOfUrl } from './urls';

/** No inline script, no eval, no network. Inline style stays: the component library and the editor write style elements. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: appScheme, privileges: { standard: true, secure: true, codeCache: true } }]);
}

/** What the build writes. */
const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/**
 * Serves the built renderer, and nothing else, under `ai-shell://app/`. Resolves when the page has its first script, from when on it needs
 * this process no more until it asks for data.
 */
export function serveRenderer(folder: string): Promise<void> {
  let scriptServed: () => void = () => undefined;
  const served = new Promise<void>((resolve) => (scriptServed = resolve));
  protocol.handle(appScheme, async (request) => {
    const file = request.method === 'GET' ? fileOfUrl(request.url, folder) : null;
    if (!file) return new Response('Not found', { status: 404 });
    try {
      const headers = {
        'Content-Type': mediaTypes[path.extname(file)] ?? 'application/octet-stream',
        'Content-Security-Policy': contentSecurityPolicy,
        'X-Content-Type-Options': 'nosniff',
      };
      // Whole, since a stream would pass the main process in many small steps, in which it has more to do at the start.
      const response = new Response(await readFile(file), { headers });
      if (path.extname(file) === '.js') setImmediate(scriptServed);
      return response;
    } catch {
      return new Response('Not found', { status: 404 });
    }
  });
  return served;
}

/** The window needs no permission of the browser's, so that each is denied; clipboard writes go through the contract. */
export function denyPermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}
