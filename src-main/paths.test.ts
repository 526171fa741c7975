import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { programPaths } from './paths';

test('each system keeps settings and state where it wants them; a relative XDG value is ignored', () => {
  const at = (platform: NodeJS.Platform, environment: Record<string, string> = {}) => programPaths({ cwd: '/nowhere', home: '/home/me', platform, environment });
  expect(at('linux')).toMatchObject({ config: '/home/me/.config/ai-shell-desktop', state: '/home/me/.local/state/ai-shell-desktop', workspace: '/home/me/.config/ai-shell-desktop/workspace' });
  expect(at('linux', { XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: 'relative' })).toMatchObject({ config: '/c/ai-shell-desktop', state: '/home/me/.local/state/ai-shell-desktop' });
  expect(at('darwin').state).toBe('/home/me/Library/Application Support/ai-shell-desktop/state');
  expect(at('win32', { APPDATA: '/roaming', LOCALAPPDATA: '/local' })).toMatchObject({ config: '/roaming/ai-shell-desktop', state: '/local/ai-shell-desktop' });
});

test('the workspace is the one that was asked for, else the folder at hand, else one\'s own', () => {
  const cwd = mkdtempSync(path.join(os.tmpdir(), 'paths-'));
  try {
    const options = { cwd, environment: {}, home: '/home/me', platform: 'linux' as const };
    expect(programPaths(options).workspace).toBe('/home/me/.config/ai-shell-desktop/workspace');
    mkdirSync(path.join(cwd, '.ai-shell'));
    expect(programPaths(options).workspace).toBe(path.join(cwd, '.ai-shell'));
    expect(programPaths({ ...options, workspace: 'other' }).workspace).toBe(path.join(cwd, 'other'));
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
});
