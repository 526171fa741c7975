#!/usr/bin/env node
import { existsSync } from 'node:fs';
import path from 'node:path';

// In a clone the sources may be newer than the build; an installed program has only the build.
const root = path.resolve(import.meta.dirname, '..');
if (existsSync(path.join(root, 'src-main'))) {
  const { ensureBuild } = await import('../scripts/prepare.mjs');
  await ensureBuild({ quiet: process.argv.includes('--quiet') });
}
await import(new URL('../out/main/cli.js', import.meta.url).href);
