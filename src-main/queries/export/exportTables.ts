import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ObjectDetail } from '../../../src-preload/contract/catalog';
import { extensionOf, type ExportSpec, type TablesExport } from '../../../src-preload/contract/exportSpec';
import type { Job } from '../../../src-preload/contract/jobs';
import type { CatalogService } from '../../catalog/service';
import type { ConnectionsService } from '../../connections/service';
import type { Connection, ResultSink } from '../../drivers/driver';
import { writeFileAtomic } from '../../atomicFile';
import { AppError } from '../../errors';
import type { GuardService } from '../../guard/service';
import type { JobContext, JobsService } from '../../jobs/service';
import { SentRows } from './exportFile';
import { countWords, sizeWords } from './exportWords';
import { quotedName } from './sqlText';
import type { Written } from './writeRows';

interface Services {
  readonly connections: ConnectionsService;
  readonly catalog: Pick<CatalogService, 'detail'>;
  readonly guard: GuardService;
  readonly jobs: JobsService;
}

type Table = TablesExport['tables'][number];

const applicationName = 'ai-shell export';
/** One snapshot for all tables. The server holds the transaction to reading, whatever a view calls. */
const beginSnapshot = 'BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY';
const silent: ResultSink = { columns: () => undefined, rows: () => undefined, notice: () => undefined, complete: () => undefined };

/** See `QueriesService.exportTables`. */
export async function exportTables(services: Services, request: TablesExport): Promise<Job> {
  const { connectionId, tables, folder } = request;
  const profile = await services.connections.resolve(connectionId);
  const { tableExport } = services.connections.driver(profile).capabilities;
  if (tableExport !== true) throw new AppError('unsupported', `Tables of ${profile.name} are not exported.`, { detail: tableExport, connection: profile.name });
  const files = fileNames(tables, request);
  const present = request.replace ? [] : files.flatMap(({ data, ddl }) => [data, ddl]).filter((name) => name !== null && existsSync(path.join(folder, name)));
  if (present.length > 0) {
    const named = present.slice(0, 5).join(', ') + (present.length > 5 ? `, and ${present.length - 5} more` : '');
    throw new AppError('confirm_required', `${countWords(present.length, 'file')} in ${folder} would be replaced: ${named}.`, { hint: 'Nothing was written. Replace them, or choose another folder.' });
  }
  const [only] = tables;
  const title = tables.length === 1 && only ? `Export ${only.schema}.${only.name}` : `Export ${tables.length} tables of ${profile.name}`;
  return services.jobs.start({ kind: 'export', title }, (job) => new TablesRun(services, request, profile.readOnly, job).run(files));
}

type TableFiles = Table & {
  readonly data: string;
  readonly ddl: string | null;
};

/** A file for each table: its name, with the schema where tables of several are written; no two the same on any file system. */
function fileNames(tables: readonly Table[], { spec, gzip, ddl }: TablesExport): TableFiles[] {
  const schemas = new Set(tables.map(({ schema }) => schema));
  const taken = new Set<string>();
  const free = (base: string, extension: string): string => {
    let name = `${base}.${extension}`;
    for (let count = 2; taken.has(name.toLowerCase()); count += 1) name = `${base}_${count}.${extension}`;
    taken.add(name.toLowerCase());
    return name;
  };
  return tables.map(({ schema, name, kind }) => {
    const base = safeName(schemas.size > 1 ? `${schema}.${name}` : name);
    return { schema, name, kind, data: free(base, extensionOf(spec, gzip)), ddl: ddl ? free(base, 'ddl.sql') : null };
  });
}

/** A name that every file system takes. */
function safeName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}._ -]+/gu, '_').replace(/^[. ]+|[. ]+$/g, '').slice(0, 100) || 'table';
}

class TablesRun {
  private rows = 0;
  private bytes = 0;
  private estimated = 0;
  private readonly notes: string[] = [];

  constructor(
    private readonly services: Services,
    private readonly request: TablesExport,
    private readonly readOnly: boolean,
    private readonly job: JobContext,
  ) {}

  async run(files: readonly TableFiles[]): Promise<void> {
    const { connectionId } = this.request;
    const { signal } = this.job;
    this.job.report(null, 'Reading what the tables look like.');
    const details: ObjectDetail[] = [];
    for (const { schema, name, kind } of files) details.push(await this.services.catalog.detail(connectionId, { schema, name, kind }, signal));
    this.estimated = details.every(({ rows }) => rows !== null) ? details.reduce((sum, { rows }) => sum + (rows ?? 0), 0) : 0;
    await this.services.connections.withSession(connectionId, { applicationName, signal }, async (connection) => {
      await connection.run({ text: beginSnapshot }, silent, { signal });
      for (const [index, file] of files.entries()) {
        const detail = details[index];
        if (detail) await this.table(connection, file, detail, files.length > 1 ? `${index + 1} of ${files.length}: ` : '');
      }
      await connection.run({ text: 'COMMIT' }, silent, { signal });
    });
    const where = files.length === 1 ? path.join(this.request.folder, files[0]?.data ?? '') : this.request.folder;
    this.job.report(1, `${files.length === 1 ? '' : `${countWords(files.length, 'table')}, `}${countWords(this.rows, 'row')}, ${sizeWords(this.bytes)} in ${where}${this.notes.length === 0 ? '' : `. ${this.notes.join(' ')}`}`);
  }

  private async table(connection: Connection, file: TableFiles, detail: ObjectDetail, prefix: string): Promise<void> {
    const { folder, gzip } = this.request;
    const { columns, overriding } = columnsFor(this.request.spec, detail);
    const statement = `SELECT ${columns} FROM ${quotedName(file.schema)}.${quotedName(file.name)}`;
    if (this.readOnly) await this.judge(connection, statement);
    const target = path.join(folder, file.data);
    const spec = specFor(this.request.spec, file);
    const before = this.rows;
    const report = (rows: number): void => {
      this.rows = before + rows;
      const share = this.estimated > 0 ? Math.min(0.99, this.rows / this.estimated) : null;
      this.job.report(share, `${prefix}${file.schema}.${file.name}, ${countWords(rows, 'row')}`);
    };
    report(0);
    const written = await streamInto(connection, statement, { spec, gzip, target, title: `${file.schema}.${file.name}`, overriding }, this.job.signal, report);
    this.rows = before + written.rows;
    this.bytes += written.bytes;
    this.notes.push(...written.notes.map((note) => `${file.name}, ${note}`));
    if (file.ddl !== null) await writeFileAtomic(path.join(folder, file.ddl), detail.ddl.endsWith('\n') ? detail.ddl : `${detail.ddl}\n`);
  }

  /** On a read-only connection a view is judged as every statement is there. */
  private async judge(connection: Connection, statement: string): Promise<void> {
    const verdict = await this.services.guard.classify(statement, { connection, signal: this.job.signal });
    if (!verdict.readOnly) throw new AppError('refused', `Refused: ${statement} ${verdict.reason}.`, { hint: 'This connection is read-only. Leave the view out.' });
  }
}

/** Generated columns cannot be written back, so that a script leaves them out. */
function columnsFor({ format }: ExportSpec, { columns }: ObjectDetail): { columns: string; overriding: boolean } {
  if (format !== 'insert' && format !== 'copy') return { columns: '*', overriding: false };
  const written = columns.filter(({ generated }) => generated === null);
  return { columns: written.map(({ name }) => quotedName(name)).join(', '), overriding: written.some(({ identity }) => identity === 'always') };
}

function specFor(spec: ExportSpec, { schema, name }: Table): ExportSpec {
  return spec.format === 'insert' || spec.format === 'copy' ? { ...spec, table: `${quotedName(schema)}.${quotedName(name)}` } : spec;
}

async function streamInto(connection: Connection, text: string, request: ConstructorParameters<typeof SentRows>[1], signal: AbortSignal, onProgress: (rows: number) => void): Promise<Written> {
  let file: SentRows | null = null;
  const sink: ResultSink = {
    ...silent,
    columns: (columns) => (file = new SentRows(columns, request, { signal, onProgress })),
    rows: (batch) => file?.rows(batch),
  };
  const opened = (): SentRows | null => file;
  try {
    await connection.run({ text }, sink, { signal });
    const complete = opened();
    if (!complete) throw new AppError('internal', `${text} returned no rows and no columns.`);
    return await complete.end();
  } catch (error) {
    await opened()?.discard();
    throw error;
  }
}
