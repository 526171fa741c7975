import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createGuardService } from '../guard/create';
import { openWorkspace } from '../workspace/workspace';
import { createSnippetsService } from './service';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'snippets-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('keeps the comments of the file, and a prefix of one’s own hides the built-in one', async () => {
  const file = path.join(folder, 'snippets.yaml');
  writeFileSync(file, '# ours\nsnippets:\n  - prefix: sel # short\n    text: SELECT 1\n');
  const service = createSnippetsService({ workspace: openWorkspace(folder) });
  const { own, builtIn } = await service.list();
  expect(own).toEqual([{ prefix: 'sel', description: '', text: 'SELECT 1' }]);
  expect(builtIn.some(({ prefix }) => prefix === 'sel')).toBe(false);
  await service.save([...own, { prefix: 'mine', description: 'x', text: 'SELECT ${a}' }]);
  expect(readFileSync(file, 'utf8')).toContain('# ours');
  expect(readFileSync(file, 'utf8')).toContain('# short');
  await expect(service.save([own[0]!, own[0]!])).rejects.toThrow(expect.objectContaining({ code: 'bad_input' }) as Error);
});

it('comes with snippets that are SQL', async () => {
  const service = createSnippetsService({ workspace: openWorkspace(folder) });
  for (const { prefix, text } of (await service.list()).builtIn) {
    // A place is `${name}`, or `${1:name}` with its turn; as the editor does, a number alone would be a turn without a text.
    expect([prefix, /\$\{\d+\}/.test(text)]).toEqual([prefix, false]);
    const filled = text.replace('${query}', 'SELECT 1').replace(/\$\{(?:\d+:)?(\w+)\}/g, '$1').replace('WHERE condition', 'WHERE true');
    const { error } = await createGuardService().split(filled.replaceAll(/\b(columns|values|key|column|value|group|time|name|table|condition)\b/g, 'x_$1'));
    expect([prefix, error]).toEqual([prefix, null]);
  }
});
