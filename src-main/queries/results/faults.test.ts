import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Column } from '../../../src-preload/contract/queries';
import { AppError } from '../../errors';
import { encodeRows } from '../../drivers/rows';
import { exportFile } from '../export/exportFile';
import { createResultStore } from './resultStore';

const columns: Column[] = [
  { name: 'n', type: 'int8', family: 'number', source: null },
  { name: 't', type: 'text', family: 'text', source: null },
];
const batch = (from: number) => encodeRows(Array.from({ length: 1000 }, (_, n) => [String(from + n), 'x'.repeat(200)]));
const never = new AbortController().signal;

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'faults-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A small file system of its own, which only root may mount. */
const mayMount = process.getuid?.() === 0 && process.platform === 'linux';

describe.skipIf(!mayMount)('a full disk (needs root to mount a small one)', () => {
  let small: string;
  beforeEach(() => {
    small = path.join(folder, 'small');
    mkdirSync(small);
    const mounted = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', small], { encoding: 'utf8' });
    if (mounted.status !== 0) throw new Error(`The small disk could not be mounted: ${mounted.stderr}`);
  });
  afterEach(() => {
    const unmounted = spawnSync('/bin/umount', [small], { encoding: 'utf8' });
    if (unmounted.status !== 0) throw new Error(unmounted.stderr);
  });

  it('ends the result with an error that says what to do, and its rows so far stay readable', async () => {
    const store = createResultStore({ folder: path.join(small, 'results') });
    const writer = store.create(columns);
    let error: unknown = null;
    while (error === null && writer.rows < 1_000_000) {
      try {
        await writer.append(batch(writer.rows));
      } catch (thrown) {
        error = thrown;
      }
    }
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).data).toMatchObject({ code: 'disk', detail: 'ENOSPC' });
    expect((error as AppError).data.hint).toContain('Free space');
    await writer.finish();
    const rows = writer.rows;
    expect(rows).toBeGreaterThan(30_000);
    const ref = { resultId: writer.resultId, viewId: null };
    for (const offset of [0, 12_345, rows - 50]) {
      const window = await store.window(ref, offset, 50, 300);
      expect(window).toMatchObject({ total: rows, complete: true });
      expect(window.rows.map(([n]) => Number(n))).toEqual(Array.from({ length: 50 }, (_, n) => offset + n));
    }
    await expect(store.view(writer.resultId, { sorts: [{ column: 0, direction: 'desc' }], filters: [] }, never)).rejects.toMatchObject({ data: { code: 'disk' } });
    store.release([writer.resultId]);
    const next = store.create(columns);
    await next.append(batch(0));
    await next.finish();
    expect((await store.window({ resultId: next.resultId, viewId: null }, 999, 1, 300)).rows[0]?.[0]).toBe('999');
    await store.close();
  });

  it('ends a sort and an export with an error, and leaves no pieces of them', async () => {
    const store = createResultStore({ folder: path.join(small, 'results') });
    const writer = store.create(columns);
    for (let n = 0; n < 28; n++) await writer.append(batch(writer.rows));
    await writer.finish();
    const ref = { resultId: writer.resultId, viewId: null };
    const target = path.join(small, 'out.json');
    await expect(exportFile(store, ref, { columns: null, rows: null }, { spec: { format: 'json' }, gzip: false, target }, { signal: never })).rejects.toMatchObject({ data: { code: 'disk', detail: 'ENOSPC' } });
    expect(readdirSync(small)).toEqual(['results']);
    // Only crumbs are left for the view.
    const { ENOSPC } = fillUp(path.join(small, 'filler'));
    expect(ENOSPC).toBe(true);
    await expect(store.view(writer.resultId, { sorts: [{ column: 0, direction: 'desc' }], filters: [] }, never)).rejects.toMatchObject({ data: { code: 'disk', detail: 'ENOSPC' } });
    rmSync(path.join(small, 'filler'));
    expect((await store.view(writer.resultId, { sorts: [{ column: 0, direction: 'desc' }], filters: [] }, never)).total).toBe(28_000);
    await store.close();
  });
});

function fillUp(file: string): { ENOSPC: boolean } {
  try {
    for (;;) writeFileSync(file, Buffer.alloc(4096), { flag: 'a' });
  } catch (error) {
    return { ENOSPC: (error as NodeJS.ErrnoException).code === 'ENOSPC' };
  }
}

describe('a program that is killed while rows stream', () => {
  it('leaves files that the next start removes, and no earlier', async () => {
    const script = path.join(folder, 'victim.mjs');
    const entry = path.join(folder, 'entry.ts');
    const source = (file: string): string => JSON.stringify(path.resolve(import.meta.dirname, file));
    writeFileSync(
      entry,
      `import { createResultStore } from ${source('resultStore.ts')};
       import { encodeRows } from ${source('../../drivers/rows.ts')};
       const writer = createResultStore({ folder: ${JSON.stringify(path.join(folder, 'results'))} }).create([]);
       for (;;) {
         await writer.append(encodeRows(Array.from({ length: 1000 }, () => ['x'.repeat(1000)])));
         if (writer.bytes > 20_000_000) process.stdout.write('streaming\\n');
       }`,
    );
    await build({ configFile: false, logLevel: 'silent', build: { ssr: entry, outDir: folder, emptyOutDir: false, target: 'node20', rollupOptions: { external: ['libsql'], output: { entryFileNames: 'victim.mjs' } } } });
    // Beside node_modules, from where the bundle loads what stays outside of it.
    const child = spawn(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(resolveFromHere())}`, script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
    const base = path.join(folder, 'results');
    const left = (): string[] => readdirSync(base);
    const [victimFolder = ''] = left();
    await createResultStore({ folder: base }).close();
    expect(left()).toEqual([victimFolder]);
    child.kill('SIGKILL');
    await exited;
    expect(existsSync(path.join(base, victimFolder, 'r1.rows'))).toBe(true);
    await createResultStore({ folder: base }).close();
    expect(left()).toEqual([]);
  });
});

/** Lets the bundle in a temporary folder find this checkout's packages. */
function resolveFromHere(): string {
  const hooks = `export const resolve = (name, context, next) => next(name, /^[a-z@]/.test(name) && !name.includes(':') ? { ...context, parentURL: ${JSON.stringify(import.meta.url)} } : context);`;
  return `import { register } from 'node:module'; register('data:text/javascript,' + ${JSON.stringify(encodeURIComponent(hooks))});`;
}
