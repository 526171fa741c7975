import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A line of a known_hosts file. Format: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". */
export interface KnownHost {
  readonly marker: 'cert-authority' | 'revoked' | null;
  /** Patterns, or one hashed name (`|1|salt|hash`). */
  readonly names: readonly string[];
  readonly key: Buffer;
  readonly file: string;
  readonly line: number;
}

export type HostKeyVerdict =
  | { readonly kind: 'trusted' }
  | { readonly kind: 'unknown' }
  /** Another key is known for this host. */
  | { readonly kind: 'changed'; readonly known: KnownHost }
  | { readonly kind: 'revoked'; readonly known: KnownHost };

const markers = new Map([['@cert-authority', 'cert-authority'], ['@revoked', 'revoked']] as const);

/** Reads a known_hosts file; lines that cannot be read are left out, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split(/\r?\n/).flatMap((raw, index) => {
    const fields = raw.trim().split(/[ \t]+/);
    const marker = fields[0]?.startsWith('@') ? markers.get(fields.shift() as '@revoked') : null;
    const [names = '', type = '', encoded = ''] = fields;
    if (marker === undefined || names === '' || names.startsWith('#')) return [];
    const key = Buffer.from(encoded, 'base64');
    return keyTypeOf(key) === type ? [{ marker, names: names.split(','), key, file, line: index + 1 }] : [];
  });
}

/** The type that stands in a public key's own bytes, such as `ssh-ed25519`; empty when there is none. Format: RFC 4253, section 6.6. */
export function keyTypeOf(key: Buffer): string {
  if (key.length < 4) return '';
  const length = key.readUInt32BE(0);
  return length > 0 && length <= 64 && key.length >= 4 + length ? key.toString('latin1', 4, 4 + length) : '';
}

/** As OpenSSH shows it: `SHA256:` and the digest in base64 without padding. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** How a host is named in a known_hosts file. */
export function hostName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/**
 * What the files say of a key that a host shows. Like OpenSSH, a key that is known for the host without its port counts, but never
 * speaks against another. Stricter than OpenSSH: a key of another type than the known ones is a change, not a question, since whoever
 * stands in between can always offer another type.
 */
export function judgeHostKey(known: readonly KnownHost[], host: string, port: number, key: Buffer): HostKeyVerdict {
  const name = hostName(host, port);
  const names = port === 22 ? [name] : [name, hostName(host, 22)];
  const about = known.filter((entry) => names.some((one) => matches(entry.names, one)));
  const revoked = about.find((entry) => entry.marker === 'revoked' && entry.key.equals(key));
  if (revoked) return { kind: 'revoked', known: revoked };
  const plain = about.filter((entry) => entry.marker === null);
  if (plain.some((entry) => entry.key.equals(key))) return { kind: 'trusted' };
  const other = plain.find((entry) => matches(entry.names, name));
  return other ? { kind: 'changed', known: other } : { kind: 'unknown' };
}

/** The types of key that are known for a host: a server is asked for these first, so that it shows the one that can be compared. */
export function knownKeyTypes(known: readonly KnownHost[], host: string, port: number): string[] {
  const name = hostName(host, port);
  return [...new Set(known.filter((entry) => entry.marker === null && matches(entry.names, name)).map((entry) => keyTypeOf(entry.key)))];
}

/** A line to append for a key that a person trusts. */
export function knownHostLine(host: string, port: number, key: Buffer): string {
  return `${hostName(host, port)} ${keyTypeOf(key)} ${key.toString('base64')}\n`;
}

function matches(names: readonly string[], name: string): boolean {
  let found = false;
  for (const entry of names) {
    if (entry.startsWith('|1|')) found ||= matchesHash(entry, name);
    else if (entry.startsWith('!')) {
      if (matchesPattern(entry.slice(1), name)) return false;
    } else found ||= matchesPattern(entry, name);
  }
  return found;
}

/** `|1|salt|hash`, where the hash is HMAC-SHA1 of the name. */
function matchesHash(entry: string, name: string): boolean {
  const [, , salt = '', hash = ''] = entry.split('|');
  const wanted = Buffer.from(hash, 'base64');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return wanted.length === actual.length && timingSafeEqual(wanted, actual);
}

/** `*` stands for any run of characters, `?` for one. */
function matchesPattern(pattern: string, name: string): boolean {
  const source = pattern.toLowerCase().replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(name);
}
