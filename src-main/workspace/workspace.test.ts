import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openWorkspace } from './workspace';

const schema = z.object({
  connections: z
    .array(z.object({ id: z.string(), name: z.string(), port: z.number().int(), tags: z.array(z.string()).optional(), tls: z.object({ mode: z.string(), ca: z.string().optional() }).optional() }))
    .default([]),
  limit: z.number().optional(),
});
type Stored = z.output<typeof schema>;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'workspace-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = (text: string): Promise<void> => writeFile(path.join(folder, 'things.yaml'), text);
const text = (): Promise<string> => readFile(path.join(folder, 'things.yaml'), 'utf8');
const things = () => openWorkspace(folder).file('things.yaml', schema);

const sample = `# Reviewed by the on-call team
owner: platform   # not ours

connections:
  # the one that matters
  - id: a
    name: "Shop"  # quoted by hand
    port: 5432 # default
    ticket: OPS-12 # unknown to the program
    tls: { mode: verify-full, ca: /etc/ca.pem }
  # the small one
  - id: b
    name: Reports
    port: 5433
    tags:
      # first tag
      - night # at night
      - slow
# the end
`;

test('an absent file is the schema of nothing, and reading creates nothing', async () => {
  expect(await things().read()).toEqual({ connections: [] });
  expect(await readdir(folder)).toEqual([]);
});

test('writing the same value leaves every byte', async () => {
  await put(sample);
  const file = things();
  await file.write(await file.read());
  expect(await text()).toBe(sample);
});

test('one changed field changes one line', async () => {
  // The YAML printer puts one space before a comment and a blank line before the closing one.
  const tidy = sample.replace(/(\S) +#/g, '$1 #').replace('# the end', '\n# the end');
  await put(tidy);
  await things().update((value) => ({ ...value, connections: value.connections.map((item) => (item.id === 'a' ? { ...item, port: 6000 } : item)) }));
  expect(await text()).toBe(tidy.replace('port: 5432 #', 'port: 6000 #'));
});

test('items move, go and come with their comments; unknown keys stay; a removed optional key goes', async () => {
  await put(sample);
  await things().update(({ connections: [a, b] }) => ({
    connections: [
      { ...(b as Stored['connections'][number]), tags: ['slow', 'night'] },
      { id: 'c', name: 'New', port: 1 },
      { id: 'a', name: 'Shop 2', port: a?.port ?? 0 },
    ],
  }));
  const after = await text();
  expect(after).toContain('# Reviewed by the on-call team');
  expect(after).toContain('owner: platform');
  expect(after).toMatch(/name: "Shop 2" +# quoted by hand/);
  expect(after).toMatch(/ticket: OPS-12 # unknown/);
  expect(after).not.toContain('verify-full');
  expect(after).toMatch(/- slow\n(.*\n)*? +- night # at night/);
  expect(after.indexOf('id: b')).toBeLessThan(after.indexOf('id: c'));
  expect(after).toContain('# the end');
  expect((await things().read()).connections.map((item) => item.id)).toEqual(['b', 'c', 'a']);
});

test('the file is private and nothing is left beside it', async () => {
  await things().write({ connections: [{ id: 'x', name: 'x', port: 1 }] });
  expect(await readdir(folder)).toEqual(['things.yaml']);
  if (process.platform !== 'win32') expect((await stat(path.join(folder, 'things.yaml'))).mode & 0o777).toBe(0o600);
});

test.each([
  ['connections:\n  - id: a\n    name: x\n    port: many\n', /things\.yaml, line 4: connections\[0\]\.port: .*number/],
  ['connections:\n  - id: a\n    port: 5\n', /things\.yaml, line 2: connections\[0\]\.name: /],
  ['connections:\n  - id: [a\n', /things\.yaml, line \d: /],
  ['a: 1\na: 2\n', /things\.yaml, line 2: .*unique/],
])('a broken file names line and field and is left alone: %j', async (broken, message) => {
  await put(broken);
  await expect(things().read()).rejects.toMatchObject({ code: 'bad_input', message: expect.stringMatching(message) as string });
  await expect(things().write({ connections: [] })).rejects.toMatchObject({ code: 'bad_input' });
  expect(await text()).toBe(broken);
});

test('a value that does not fit is refused before anything is written', async () => {
  await put(sample);
  await expect(things().write({ connections: [{ id: 'a', name: 'x', port: 1.5 }] })).rejects.toMatchObject({ code: 'bad_input' });
  expect(await text()).toBe(sample);
});

test('updates at the same time are all kept', async () => {
  const file = things();
  await Promise.all(Array.from({ length: 20 }, (_, index) => file.update((value) => ({ connections: [...value.connections, { id: `c${index}`, name: 'n', port: index }] }))));
  expect((await file.read()).connections).toHaveLength(20);
});

test('Windows line ends stay', async () => {
  await put(sample.replaceAll('\n', '\r\n'));
  await things().update((value) => ({ ...value, limit: 3 }));
  expect(await text()).toMatch(/limit: 3\r\n/);
  expect((await text()).replaceAll('\r\n', '')).not.toContain('\n');
});

test('an edit outside and a write of ours are both told, ours once', async () => {
  await put(sample);
  const workspace = openWorkspace(folder);
  const file = workspace.file('things.yaml', schema);
  let told = 0;
  let wake = (): void => undefined;
  const off = file.onChange(() => {
    told += 1;
    wake();
  });
  await file.update((value) => ({ ...value, limit: 1 }));
  expect(told).toBe(1);
  const next = new Promise<void>((resolve) => (wake = resolve));
  await put(sample.replace('Reports', 'Reporting'));
  await next;
  expect((await file.read()).connections[1]?.name).toBe('Reporting');
  expect(told).toBe(2);
  off();
  workspace.close();
});

const word = fc.stringMatching(/^[a-z][a-z0-9 ]{0,8}$/);
const trickyText = fc.oneof(word, fc.constantFrom('yes', 'null', '1', '# no comment', ': ', 'a: b', '- x', '"', "it's", '', '|', '&a', '*a', '0x10', 'über', '{', 'two\nlines'));
const item = fc.record({ name: trickyText, port: fc.integer(), tags: fc.option(fc.array(trickyText, { maxLength: 4 }), { nil: undefined }), tls: fc.option(fc.record({ mode: trickyText }), { nil: undefined }) }, { requiredKeys: ['name', 'port'] });

test('random edits: the value comes back exactly; comments and unknown keys of what stays, stay', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(item, { minLength: 1, maxLength: 5 }),
      fc.array(fc.tuple(fc.nat(4), item), { maxLength: 4 }),
      fc.array(fc.nat(4), { maxLength: 2 }),
      fc.nat(5),
      async (start, edits, removals, rotate) => {
        const lines = start.flatMap((entry, index) => [
          `  # before ${index}`,
          `  - id: i${index} # id ${index}`,
          `    name: ${JSON.stringify(entry.name)} # name ${index}`,
          `    port: ${entry.port} # port ${index}`,
          `    foreign: kept${index} # foreign ${index}`,
        ]);
        await put(['# top', 'connections:', ...lines, '# bottom', ''].join('\n'));
        const edited = new Map(start.map((entry, index) => [`i${index}`, { id: `i${index}`, ...entry }]));
        for (const [index, next] of edits) if (edited.has(`i${index}`)) edited.set(`i${index}`, { id: `i${index}`, ...next });
        for (const index of removals) edited.delete(`i${index}`);
        const values = [...edited.values()];
        const wanted = { connections: [...values.slice(rotate % (values.length || 1)), ...values.slice(0, rotate % (values.length || 1)), { id: 'new', name: 'n', port: 0 }] };
        await things().write(wanted);
        expect(await things().read()).toEqual(JSON.parse(JSON.stringify(wanted)));
        const after = await text();
        for (const id of edited.keys()) {
          const index = id.slice(1);
          for (const comment of [`# id ${index}`, `# name ${index}`, `# port ${index}`, `foreign: kept${index} # foreign ${index}`]) expect(after).toContain(comment);
          if (index !== '0') expect(after).toContain(`# before ${index}`);
        }
        expect(after).toContain('# top');
        expect(after).toContain('# bottom');
      },
    ),
    { numRuns: 150 },
  );
});
