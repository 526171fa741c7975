import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const checkout = path.resolve(import.meta.dirname, '..');

/** The real program, started in a home folder of its own. */
export interface Program {
  readonly electron: ElectronApplication;
  readonly page: Page;
  /** Everything that the program writes lies below it. */
  readonly home: string;
  /** Everything that the program printed. */
  output(): string;
  /** Ends it as a person would. */
  close(): Promise<void>;
  /** Ends it as a crash would: SIGKILL. The home folder stays. */
  kill(): Promise<void>;
}

export interface ProgramOptions {
  /** A home folder to start again in. */
  readonly home?: string;
  readonly environment?: Record<string, string>;
  readonly size?: { width: number; height: number };
}

/** A fresh home folder; `remove` deletes it. */
export function temporaryHome(): { home: string; remove(): void } {
  const home = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-e2e-'));
  return { home, remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }) };
}

/** The Electron executable of this run: named by `npm test`, else found (and fetched) as `npm start` does. */
async function executable(): Promise<string> {
  if (process.env.AI_SHELL_TEST_ELECTRON) return process.env.AI_SHELL_TEST_ELECTRON;
  const { ensureElectron } = await import('../scripts/electron-runtime.mjs');
  return (await ensureElectron()).executable;
}

/** Starts the built program and waits for its window. */
export async function startProgram(options: ProgramOptions = {}): Promise<Program> {
  const home = options.home ?? temporaryHome().home;
  mkdirSync(home, { recursive: true });
  // Nothing of the person's who runs the tests may leak in.
  const personal = /^(ANTHROPIC_|PG[A-Z]+$|XDG_)/;
  const inherited = Object.fromEntries(Object.entries(process.env as Record<string, string>).filter(([name]) => !personal.test(name)));
  const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const electron = await _electron.launch({
    executablePath: await executable(),
    args: [...sandbox, checkout],
    cwd: home,
    env: { ...inherited, AI_SHELL_HOME: home, ...options.environment },
  });
  let output = '';
  electron.process().stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  electron.process().stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const page = await electron.firstWindow();
  // The keys work once the frame with its tabs is there.
  await page.getByRole('tab').first().waitFor({ timeout: 60_000 });
  const { width, height } = options.size ?? { width: 1280, height: 800 };
  await electron.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height), { width, height });
  return {
    electron,
    page,
    home,
    output: () => output,
    close: () => electron.close(),
    kill: async () => {
      const child = electron.process();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}
