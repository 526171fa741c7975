import type { Capabilities, ConnectionProfile, ConnectionStatus, ConnectionTarget } from '../../src-preload/contract/connections';
import type { Connection, Driver } from '../drivers/driver';

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
  save(profile: ConnectionProfile, password: PasswordChange): Promise<ConnectionProfile>;
  remove(id: string): Promise<void>;
  test(id: string, target: ConnectionTarget, password: PasswordChange, signal: AbortSignal): Promise<TestResult>;
  /** Opens the browsing session, key `catalog`. */
  open(id: string, password: string | undefined, signal: AbortSignal): Promise<ConnectionStatus>;
  /** Uses this password for the connection in this run, as long as it leads to the same server, and stores it nowhere. */
  supplyPassword(id: string, password: string): void;
  /** Whether a password for this target is stored, or was given in this run. False while the place of secrets is locked. */
  hasPassword(profile: Pick<ConnectionProfile, 'id' | 'target'>): Promise<boolean>;
  isDemo(id: string): boolean;
  parseUrl(url: string): { target: ConnectionTarget; password: string | null };
  close(id: string): Promise<void>;
  closeAll(): Promise<void>;
}

export type PasswordChange = { kind: 'keep' } | { kind: 'set'; password: string } | { kind: 'ask' };
export type TestResult =
  | { ok: true; server: import('../../src-preload/contract/connections').ServerInfo; milliseconds: number }
  | { ok: false; error: import('../../src-preload/contract/error').AppErrorData };
