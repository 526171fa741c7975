import Database from 'libsql';
import { closeSync, mkdirSync, openSync, promises, statSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../errors';
import { isDamage, storeError } from './errors';

type Value = string | number | null;
type Statement = Database.Statement<[readonly Value[]]>;

const busyTimeoutMs = 5000;
/** Bounded, because callers may build their SQL from parts. */
const cachedStatements = 200;

/** One open SQLite file, with the program's errors. The caller checks and migrates it before use. */
export class StoreDatabase {
  private readonly statements = new Map<string, Statement>();
  private syncing: Promise<void> | null = null;
  private syncAgain: Promise<void> | null = null;
  private inTransaction = false;

  private constructor(
    private readonly database: Database.Database,
    readonly file: string,
  ) {}

  /** Opens or creates the file, readable by its owner only. */
  static open(file: string): StoreDatabase {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    try {
      closeSync(openSync(file, 'a', 0o600));
    } catch (error) {
      throw new AppError('disk', `The local store ${file} cannot be opened.`, { detail: String(error), hint: 'Check that the folder exists and is writable.' }, { cause: error });
    }
    const database = guarded(file, () => new Database(file, { timeout: busyTimeoutMs }));
    try {
      return guarded(file, () => {
        database.pragma('journal_mode = WAL');
        database.pragma('synchronous = NORMAL');
        database.pragma('foreign_keys = ON');
        return new StoreDatabase(database, file);
      });
    } catch (error) {
      database.close();
      throw error;
    }
  }

  all<Row extends object>(sql: string, ...parameters: Value[]): Row[] {
    return guarded(this.file, () => this.statement(sql).all(parameters.map(storable)) as Row[]);
  }

  get<Row extends object>(sql: string, ...parameters: Value[]): Row | undefined {
    // libsql's own `get` adds a field of its own to the row.
    return this.all<Row>(sql, ...parameters)[0];
  }

  run(sql: string, ...parameters: Value[]): { changes: number; lastInsertRowid: number } {
    return guarded(this.file, () => {
      const { changes, lastInsertRowid } = this.statement(sql).run(parameters.map(storable));
      return { changes, lastInsertRowid: Number(lastInsertRowid) };
    });
  }

  exec(sql: string): void {
    guarded(this.file, () => this.database.exec(sql));
  }

  transaction<T>(work: () => T): T {
    if (this.inTransaction) throw new Error('Transactions of the store do not nest.');
    // IMMEDIATE: one that begins by reading would fail without waiting when another process has written since.
    this.exec('BEGIN IMMEDIATE');
    this.inTransaction = true;
    try {
      const result = work();
      if (result instanceof Promise) throw new Error('A transaction of the store must not wait for anything.');
      this.exec('COMMIT');
      return result;
    } catch (error) {
      // After a full disk or an I/O error SQLite has rolled back by itself.
      if (this.database.inTransaction) this.exec('ROLLBACK');
      throw error;
    } finally {
      this.inTransaction = false;
    }
  }

  /** Callers that come while a sync runs share the next one: the running one may have begun before their commit. */
  durable(): Promise<void> {
    if (!this.syncing) {
      this.syncing = this.sync().finally(() => (this.syncing = null));
      return this.syncing;
    }
    this.syncAgain ??= this.syncing.catch(() => undefined).then(() => {
      this.syncAgain = null;
      return this.durable();
    });
    return this.syncAgain;
  }

  close(): void {
    this.statements.clear();
    this.database.close();
  }

  private statement(sql: string): Statement {
    const known = this.statements.get(sql);
    if (known) return known;
    if (this.statements.size >= cachedStatements) this.statements.clear();
    const prepared = this.database.prepare<[readonly Value[]]>(sql);
    this.statements.set(sql, prepared);
    return prepared;
  }

  /**
   * What `synchronous = FULL` does after a commit, off the main thread. SQLite keeps its locks on the other two files, so that
   * opening and closing the log from here drops none of them. Source: "How To Corrupt An SQLite Database File", 2.2.
   */
  private async sync(): Promise<void> {
    try {
      const log = await promises.open(`${this.file}-wal`, 'r+');
      try {
        await log.sync();
      } finally {
        await log.close();
      }
    } catch (error) {
      // No log: a checkpoint, which syncs, has moved it into the main file.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw new AppError('disk', `The local store ${this.file} could not be synced to the disk.`, { detail: String(error), hint: 'Check the disk.' }, { cause: error });
    }
  }
}

/** libsql reads texts only up to a NUL: its visible sign is kept instead, and what follows it. */
function storable(value: Value): Value {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u2400') : value;
}

function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isDamage(error)) markDamaged(file);
    throw storeError(file, error);
  }
}

const damagedMark = (file: string): string => `${file}.check`;

/** A damage that is met in use makes the next start look at the whole file, however large. */
function markDamaged(file: string): void {
  try {
    writeFileSync(damagedMark(file), '', { mode: 0o600 });
  } catch {
    // The disk that damaged the store may refuse this as well; the error of the statement is what the person must see.
  }
}

export function clearDamagedMark(file: string): void {
  rmSync(damagedMark(file), { force: true });
}

export function wantsCheck(file: string, maxBytes: number): boolean {
  return statSync(file).size <= maxBytes || statSync(damagedMark(file), { throwIfNoEntry: false }) !== undefined;
}
