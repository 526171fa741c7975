import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { build } from 'vite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SecretsStatus } from '../../src-preload/contract/secrets';
import { createKey, readSecrets, unlockFile, writeSecrets } from './encryptedFile';
import type { Keychain } from './keychain';
import { createRedactor } from './redactor';
import { createSecretsService } from './secrets';
import type { SecretsService } from './service';

const passphrase = 'correct horse battery';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'secrets-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function rememberingKeychain(): Keychain & { stored: Map<string, string> } {
  const stored = new Map<string, string>();
  return {
    stored,
    probe: () => Promise.resolve({ available: true, reason: null }),
    get: (name) => Promise.resolve(stored.get(name) ?? null),
    set: (name, value) => Promise.resolve(void stored.set(name, value)),
    delete: (name) => Promise.resolve(void stored.delete(name)),
  };
}

const absent = () => Promise.reject(new Error('must not be asked'));
const noKeychain: Keychain = { probe: () => Promise.resolve({ available: false, reason: 'no daemon' }), get: absent, set: absent, delete: absent };
const service = (keychain: Keychain = noKeychain): SecretsService => createSecretsService({ folder, keychain });

async function everyByte(): Promise<string> {
  const files = await readdir(folder);
  return (await Promise.all(files.map((name) => readFile(path.join(folder, name), 'latin1')))).join('\n');
}

describe('places', () => {
  test('the keychain is used without asking when it answers', async () => {
    const keychain = rememberingKeychain();
    const secrets = service(keychain);
    expect(await secrets.status()).toEqual({ place: 'keychain', keychain: { available: true, reason: null }, locked: false });
    await secrets.set('a', 'value');
    expect(keychain.stored.get('a')).toBe('value');
    expect(await secrets.get('a')).toBe('value');
    await secrets.delete('a');
    expect(await secrets.get('a')).toBeNull();
  });

  test('without one nothing is kept until the person chose, and the reason is told', async () => {
    const secrets = service();
    expect(await secrets.status()).toEqual({ place: null, keychain: { available: false, reason: 'no daemon' }, locked: false });
    await expect(secrets.set('a', 'v')).rejects.toMatchObject({ code: 'secrets_locked', data: { detail: 'no daemon' } });
    await expect(secrets.get('a')).rejects.toMatchObject({ code: 'secrets_locked' });
    await expect(secrets.choose('keychain')).rejects.toMatchObject({ code: 'secrets_locked' });
  });

  test('memory: this run only, no byte on disk; the choice is remembered', async () => {
    const secrets = service();
    await secrets.choose('memory');
    await secrets.set('a', 'only-in-memory');
    expect(await secrets.get('a')).toBe('only-in-memory');
    expect(await everyByte()).not.toContain('only-in-memory');
    const next = service();
    expect((await next.status()).place).toBe('memory');
    expect(await next.get('a')).toBeNull();
  });

  test('file: locked in the next run, opened by its passphrase only', async () => {
    const seen: SecretsStatus[] = [];
    const secrets = service();
    secrets.onChange((status) => seen.push(status));
    await expect(secrets.choose('file', 'short')).rejects.toMatchObject({ code: 'bad_input' });
    await secrets.choose('file', passphrase);
    await secrets.set('a', 'päss');
    await Promise.all([secrets.set('b', '2222'), secrets.set('c', '3333'), secrets.delete('nothing')]);
    expect(seen.at(-1)).toMatchObject({ place: 'file', locked: false });
    expect((await stat(path.join(folder, 'secrets.enc'))).mode & 0o077).toBe(0);
    const stored = await everyByte();
    for (const hidden of ['päss', '2222', passphrase, '"a"']) expect(stored).not.toContain(hidden);

    const next = service();
    expect(await next.status()).toMatchObject({ place: 'file', locked: true });
    await expect(next.get('a')).rejects.toMatchObject({ code: 'secrets_locked' });
    await expect(next.unlock('wrong passphrase')).rejects.toMatchObject({ code: 'secrets_locked', message: expect.stringContaining('passphrase is wrong') as string });
    expect(await next.unlock(passphrase)).toMatchObject({ locked: false });
    expect(await next.get('a')).toBe('päss');
    expect(await next.get('b')).toBe('2222');
    expect(await next.get('c')).toBe('3333');
    expect(next.redact(`x ${passphrase} päss y`)).toBe('x *** *** y');
  });

  test('what was typed into memory moves along into the file', async () => {
    const secrets = service();
    await secrets.choose('memory');
    await secrets.set('a', 'early');
    await secrets.choose('file', passphrase);
    const next = service();
    await next.unlock(passphrase);
    expect(await next.get('a')).toBe('early');
  });

  test('an empty secret is refused', async () => {
    await expect(service(rememberingKeychain()).set('a', '')).rejects.toMatchObject({ code: 'bad_input' });
  });

  test('a choice that cannot be read is asked for again', async () => {
    await writeFile(path.join(folder, 'secrets-place.json'), '{"place":"moon"}');
    expect((await service().status()).place).toBeNull();
  });
});

describe('the encrypted file', () => {
  const file = (): string => path.join(folder, 'secrets.enc');

  test('any change of any part is found', async () => {
    const key = await createKey(passphrase);
    await writeSecrets(file(), key, { a: 'value', b: 'other' });
    const sound = await readFile(file());
    const headerEnd = sound.indexOf(10);
    const spots = [5, Math.floor(headerEnd / 2), headerEnd - 5, headerEnd, headerEnd + 3, sound.length - 8];
    for (const spot of spots) {
      const changed = Buffer.from(sound);
      changed[spot] = changed[spot] === 65 ? 66 : 65;
      await writeFile(file(), changed);
      await expect(readSecrets(file(), key), `byte ${spot}`).rejects.toMatchObject({ name: 'AppError' });
    }
    const text = sound.toString();
    for (const [from, to] of [['131072', '262144'], ['"version":1', '"version":2'], ['ai-shell-secrets', 'ai-shell-secretz']] as const) {
      await writeFile(file(), text.replace(from, to));
      await expect(unlockFile(file(), passphrase), `${from} -> ${to}`).rejects.toMatchObject({ name: 'AppError' });
    }
    await writeFile(file(), text.slice(0, -12));
    await expect(readSecrets(file(), key)).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining('damaged') as string });
    await writeFile(file(), sound);
    expect(await readSecrets(file(), key)).toEqual({ a: 'value', b: 'other' });
  });

  test('each write has a new nonce, each file a new salt, and the cost is as promised', async () => {
    const key = await createKey(passphrase);
    const header = async (): Promise<Record<string, unknown>> => JSON.parse((await readFile(file(), 'utf8')).split('\n')[0] ?? '') as Record<string, unknown>;
    await writeSecrets(file(), key, {});
    const first = await header();
    await writeSecrets(file(), key, {});
    expect((await header())['nonce']).not.toBe(first['nonce']);
    expect((await createKey(passphrase)).salt).not.toBe(key.salt);
    expect(first).toMatchObject({ kdf: 'scrypt', N: 2 ** 17, r: 8, p: 1, cipher: 'aes-256-gcm' });
  });

  test('a writer killed at any moment leaves a file that opens, whole', async () => {
    const writer = path.join(folder, 'writer.mjs');
    const source = path.resolve(import.meta.dirname, 'encryptedFile.ts');
    const entry = path.resolve(import.meta.dirname, '../../.cache', `killed-${process.pid}`);
    await build({ configFile: false, logLevel: 'error', build: { ssr: source, outDir: entry, minify: false, rollupOptions: { output: { entryFileNames: 'file.mjs', format: 'es' } } } });
    try {
      const key = await createKey(passphrase);
      await writeSecrets(file(), key, { count: '0' });
      const code = `import { writeSecrets } from ${JSON.stringify(path.join(entry, 'file.mjs'))};
        const key = { ...JSON.parse(process.argv[2]), key: Buffer.from(process.argv[3], 'hex') };
        process.stdout.write('go');
        for (let i = 0; ; i += 1) await writeSecrets(process.argv[4], key, { count: String(i), ballast: 'x'.repeat(200000) });`;
      await writeFile(writer, code);
      for (let round = 0; round < 8; round += 1) {
        const child = spawn(process.execPath, [writer, JSON.stringify({ salt: key.salt, check: key.check }), key.key.toString('hex'), file()], { stdio: ['ignore', 'pipe', 'inherit'] });
        await once(child.stdout, 'data');
        // Another moment of the loop in each round; that it is not known is the point.
        await new Promise((resolve) => setTimeout(resolve, 20 + round * 7));
        child.kill('SIGKILL');
        await once(child, 'exit');
        const read = await readSecrets(file(), key);
        expect(read['count']).toMatch(/^\d+$/);
      }
    } finally {
      await rm(entry, { recursive: true, force: true });
    }
  });
});

describe('redaction', () => {
  test('cuts a secret in its plain, URL and JSON forms, and leaves short words', () => {
    const redactor = createRedactor();
    redactor.add('p@ss "w/ö\n(rd)');
    redactor.add('abc');
    const forms = ['p@ss "w/ö\n(rd)', encodeURIComponent('p@ss "w/ö\n(rd)'), JSON.stringify({ a: 'p@ss "w/ö\n(rd)' }), encodeURIComponent('p@ss "w/ö\n(rd)').toLowerCase(), 'abc'];
    const cut = redactor.redact(forms.join(' ; '));
    expect(cut).toBe('*** ; *** ; {"a":"***"} ; *** ; abc');
  });

  test('no secret of four characters or more survives in any form', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 4, unit: 'binary' }), { minLength: 1, maxLength: 5 }), (values) => {
        const redactor = createRedactor();
        values.forEach((value) => redactor.add(value));
        for (const value of values) {
          if (/^[*]+$/.test(value)) continue;
          expect(redactor.redact(`<${value}>`)).not.toContain(`<${value}>`);
          expect(redactor.redact(JSON.stringify({ value }))).not.toContain(JSON.stringify(value));
          const encoded = encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\uFFFD'));
          expect(redactor.redact(`?p=${encoded}&`)).not.toContain(`=${encoded}&`);
        }
      }),
    );
  });
});
