import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Figure } from '../figure';

/** `package_mb`: what the unpacked program of this system weighs, in megabytes (10^6 bytes) of all its files, Electron included. */
export function measurePackage(): Figure {
  execFileSync(process.execPath, [path.join('scripts', 'package.mjs')], { cwd: process.cwd(), stdio: ['ignore', 'ignore', 'inherit'] });
  const folder = path.join(process.cwd(), 'dist');
  const unpacked = readdirSync(folder).find((name) => name.endsWith('-unpacked') || name.startsWith('mac'));
  if (unpacked === undefined) throw new Error('Nothing was packed.');
  const files = readdirSync(path.join(folder, unpacked), { recursive: true, encoding: 'utf8' }).map((name) => lstatSync(path.join(folder, unpacked, name)));
  const bytes = files.filter((file) => file.isFile()).reduce((sum, file) => sum + file.size, 0);
  return { area: 'start', figure: 'package_mb', value: bytes / 1e6, unit: 'MB', rival: null, goal: null, ok: true, runs: 1 };
}
