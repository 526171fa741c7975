import type { Capabilities, ConnectionProfile, ConnectionStatus, ConnectionTarget } from '../../src-preload/contract/connections';
import type { Connection, Driver } from '../drivers/driver';
import type { LockSecret } from './locks';
import type { SshHost } from './ssh/sshConfig';
import type { Transfer } from './transfer/transfer';

/** Profiles, and every server session that the program holds. The only place that calls `driver.connect`. */
export interface ConnectionsService {
  list(): Promise<ConnectionProfile[]>;
  /** By id, by name, or by URL (a URL gives a profile that is not saved). Rejects with `not_found`. */
  resolve(nameOrUrl: string): Promise<ConnectionProfile>;
  driver(profile: ConnectionProfile): Driver;
  capabilities(id: string): Promise<Capabilities>;
  status(id: string): ConnectionStatus;
  /**
   * The session that `key` owns on this connection; opened on first use, reopened when it was lost while idle.
   * A session that was lost inside a transaction rejects once with `connection_lost` and says that the transaction is gone.
   * Nothing is ever sent twice.
   */
  session(id: string, key: string, options: { applicationName: string; signal: AbortSignal }): Promise<Connection>;
  closeSession(id: string, key: string): Promise<void>;
  /** Runs work on a short-lived session of its own; closed afterwards, also on error. */
  withSession<T>(id: string, options: { applicationName: string; signal: AbortSignal }, work: (connection: Connection) => Promise<T>): Promise<T>;
  onStatus(listener: (status: ConnectionStatus) => void): () => void;
  onChange(listener: () => void): () => void;
  save(profile: ConnectionProfile, password: PasswordChange, locks?: readonly LockSecret[]): Promise<ConnectionProfile>;
  remove(id: string): Promise<void>;
  /** Saves a copy, with its secrets, under a name of its own. */
  duplicate(id: string): Promise<ConnectionProfile>;
  /** From and to files of connections. */
  readonly transfer: Transfer;
  /** The named hosts of `~/.ssh/config`. */
  sshHosts(): Promise<SshHost[]>;
  test(id: string, target: ConnectionTarget, password: PasswordChange, signal: AbortSignal, locks?: readonly LockSecret[]): Promise<TestResult>;
  /** Opens the browsing session, key `catalog`. */
  open(id: string, password: string | undefined, signal: AbortSignal): Promise<ConnectionStatus>;
  /** Uses this password for the connection in this run, as long as it leads to the same server, and stores it nowhere. */
  supplyPassword(id: string, password: string): void;
  /** Whether a password for this target is stored, or was given in this run. False while the place of secrets is locked. */
  hasPassword(profile: Pick<ConnectionProfile, 'id' | 'target'>): Promise<boolean>;
  /** Uses a password or passphrase that lies before a database (see `Lock`) in this run, and stores it nowhere. */
  supplySecret(lock: string, secret: string): void;
  /** Which of a connection's locks have a stored secret. None while the place of secrets is locked. */
  knownLocks(profile: Pick<ConnectionProfile, 'id' | 'target'>): Promise<string[]>;
  /** Remembers the key that an SSH server has shown in this run. Rejects with `not_found` when it showed no such key. */
  trustHostKey(host: string, port: number, fingerprint: string): Promise<void>;
  /** Trusts an SSH server that is not known yet when it shows a key with this fingerprint. */
  acceptHostKey(fingerprint: string): void;
  /** The password file that would be asked for this target, and why it was ignored. */
  passwordSource(target: ConnectionTarget): Promise<{ file: string | null; ignored: string | null }>;
  /** Names in pg_service.conf. */
  services(): string[];
  /** Asks every session and SSH connection whether it still answers, as after the machine slept; what does not is lost. */
  checkAll(): Promise<void>;
  isDemo(id: string): boolean;
  parseUrl(url: string): { target: ConnectionTarget; password: string | null };
  close(id: string): Promise<void>;
  closeAll(): Promise<void>;
}

export type PasswordChange = { kind: 'keep' } | { kind: 'set'; password: string } | { kind: 'ask' };
export type TestResult =
  | { ok: true; server: import('../../src-preload/contract/connections').ServerInfo; milliseconds: number }
  | { ok: false; error: import('../../src-preload/contract/error').AppErrorData };
