import { readFile } from 'node:fs/promises';
import { isAbsent, writeFileAtomic } from '../../atomicFile';
import { AppError } from '../../errors';
import { fingerprintOf, hostName, judgeHostKey, keyTypeOf, knownHostLine, knownKeyTypes, parseKnownHosts, type KnownHost } from './knownHosts';

export interface HostKeysOptions {
  /** The program's own file: the only one that is written to. */
  readonly ownFile: string;
  /** Read only, such as `~/.ssh/known_hosts`. */
  readonly otherFiles: readonly string[];
}

/** Which SSH servers are who they say. Nothing becomes known without a person's word. */
export class HostKeys {
  /** Shown in this run by servers that are not known, by host and fingerprint. */
  private readonly shown = new Map<string, Buffer>();
  private readonly accepted = new Set<string>();

  constructor(private readonly options: HostKeysOptions) {}

  /** Trusts an unknown server whose key has this fingerprint when it is met in this run; for the command's option. */
  accept(fingerprint: string): void {
    this.accepted.add(fingerprint);
  }

  /** The types of key to ask a server for first. */
  async knownTypes(host: string, port: number): Promise<string[]> {
    return knownKeyTypes(await this.read(), host, port);
  }

  /** Resolves when the key is known for this host. Rejects with `connection_failed`; an unknown key carries a question. */
  async check(host: string, port: number, key: Buffer): Promise<void> {
    const verdict = judgeHostKey(await this.read(), host, port, key);
    const fingerprint = fingerprintOf(key);
    const shown = hostName(host, port);
    if (verdict.kind === 'trusted') return;
    if (verdict.kind === 'unknown' && this.accepted.has(fingerprint)) return this.remember(host, port, key);
    if (verdict.kind === 'unknown') {
      this.shown.set(shownKey(host, port, fingerprint), key);
      throw new AppError('connection_failed', `The SSH server ${shown} is not known yet. It shows the ${keyTypeOf(key)} key ${fingerprint}.`, {
        hint: `Compare the fingerprint with one that you have from its keeper. If it is the same, trust it: in the window when it asks, in the command with --accept-host-key ${fingerprint}`,
        question: { kind: 'hostKey', host, port, keyType: keyTypeOf(key), fingerprint },
      });
    }
    const { known } = verdict;
    if (verdict.kind === 'revoked') {
      throw new AppError('connection_failed', `The SSH server ${shown} shows a key that is marked as revoked: ${fingerprint}.`, { hint: 'Do not go on. Ask its keeper.', detail: `${known.file}, line ${known.line}` });
    }
    throw new AppError(
      'connection_failed',
      `The SSH server ${shown} shows another key than the one that is known. Known: ${keyTypeOf(known.key)} ${fingerprintOf(known.key)}. Shown: ${keyTypeOf(key)} ${fingerprint}. Nothing was sent.`,
      { hint: `Somebody may be listening in between, or the server was installed anew. Ask its keeper; if the new key is right, remove line ${known.line} of ${known.file}.` },
    );
  }

  /** Remembers a key that a server showed in this run. */
  async trust(host: string, port: number, fingerprint: string): Promise<void> {
    const key = this.shown.get(shownKey(host, port, fingerprint));
    if (!key) throw new AppError('not_found', `${hostName(host, port)} has not shown the key ${fingerprint} in this run.`, { hint: 'Connect again and look at the key that it shows.' });
    await this.remember(host, port, key);
  }

  private async remember(host: string, port: number, key: Buffer): Promise<void> {
    const { ownFile } = this.options;
    // A last line without its end, such as a person's edit leaves, must not swallow the new one.
    const before = await readIfThere(ownFile);
    await writeFileAtomic(ownFile, `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${knownHostLine(host, port, key)}`);
    this.shown.delete(shownKey(host, port, fingerprintOf(key)));
  }

  private async read(): Promise<KnownHost[]> {
    const files = [this.options.ownFile, ...this.options.otherFiles];
    return (await Promise.all(files.map(async (file) => parseKnownHosts(await readIfThere(file), file)))).flat();
  }
}

function shownKey(host: string, port: number, fingerprint: string): string {
  return `${hostName(host, port)} ${fingerprint}`;
}

/** A file that is there and cannot be read may say that a key is revoked: that must be told, not passed over. */
async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if (isAbsent(thrown)) return '';
    throw new AppError('connection_failed', `The file of known SSH servers cannot be read: ${(thrown as Error).message}`, { hint: `Mend who may read ${file}.` }, { cause: thrown });
  }
}
