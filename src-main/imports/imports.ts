import { createHash } from 'node:crypto';
import path from 'node:path';
import { AppError, toAppError } from '../errors';
import type { ConnectionProfile } from '../../src-preload/contract/connections';
import type { ImportOutcome, ImportPlan, ImportPreview, ImportRequest, ImportScan, ImportSource } from '../../src-preload/contract/imports';
import type { Job } from '../../src-preload/contract/jobs';
import { load } from './loading/load';
import { loadPlan, type LoadPlan } from './loading/loadPlan';
import { Rejects } from './loading/rejects';
import { CommitUnknown, ImportSession } from './loading/session';
import { inThread } from './reading/readerThread';
import { runScript } from './script/runScript';
import { readScriptFacts } from './script/scriptFile';
import type { ImportOrder, ImportsDependencies, ImportsService } from './service';

const applicationName = 'ai-shell import';
/** Outcomes that are kept for the window. */
const keptOutcomes = 50;

interface Prepared {
  readonly profile: ConnectionProfile;
  readonly plan: ImportPlan;
  /** Null for a script. */
  readonly load: LoadPlan | null;
}

type Report = (progress: number | null, message: string) => void;

export class Imports implements ImportsService {
  private readonly outcomes = new Map<string, ImportOutcome>();
  private readonly listeners = new Set<(outcome: ImportOutcome) => void>();

  constructor(private readonly services: ImportsDependencies) {}

  inspect(source: Partial<ImportSource> & { path: string }, signal: AbortSignal): Promise<ImportPreview> {
    return inThread<ImportPreview>({ kind: 'inspect', source }, { signal });
  }

  scan(source: ImportSource, onProgress: (bytes: number, size: number, rows: number) => void, signal: AbortSignal): Promise<ImportScan> {
    return inThread<ImportScan>({ kind: 'scan', source }, { signal, onProgress });
  }

  async plan(request: ImportRequest, signal: AbortSignal): Promise<ImportPlan> {
    return (await this.prepare(request, false, signal)).plan;
  }

  async start(order: ImportOrder, signal: AbortSignal): Promise<Job> {
    const prepared = await this.confirmed(order, signal);
    const name = path.basename(order.request.source.path);
    let jobId = '';
    const job = this.services.jobs.start({ kind: 'import', title: `${order.dryRun ? 'Try the import of' : 'Import'} ${name}` }, async (context) => {
      const outcome = { ...(await this.execute(order, prepared, context.signal, (progress, message) => context.report(progress, message))), jobId };
      this.keep(outcome);
      if (outcome.error) throw new AppError(outcome.error.code, outcome.error.message, rest(outcome.error));
      context.report(1, summary(outcome));
    });
    jobId = job.id;
    return job;
  }

  async run(order: ImportOrder, signal: AbortSignal, report: Report): Promise<ImportOutcome> {
    return this.execute(order, await this.confirmed(order, signal), signal, report);
  }

  outcome(jobId: string): ImportOutcome | null {
    return this.outcomes.get(jobId) ?? null;
  }

  forget(jobId: string): void {
    this.outcomes.delete(jobId);
  }

  onFinished(listener: (outcome: ImportOutcome) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private keep(outcome: ImportOutcome): void {
    this.outcomes.set(outcome.jobId, outcome);
    const [oldest] = this.outcomes.keys();
    if (this.outcomes.size > keptOutcomes && oldest !== undefined) this.outcomes.delete(oldest);
    for (const listener of [...this.listeners]) listener(outcome);
  }

  private async confirmed(order: ImportOrder, signal: AbortSignal): Promise<Prepared> {
    const prepared = await this.prepare(order.request, order.dryRun, signal);
    const { confirmations, hash } = prepared.plan;
    if (confirmations.length > 0 && order.confirmedHash !== hash) {
      throw new AppError('confirm_required', confirmations.map(({ sentence }) => sentence).join(' '), { hint: 'Look at the statements and say yes first.', connection: prepared.profile.name });
    }
    return prepared;
  }

  private async prepare(request: ImportRequest, dryRun: boolean, signal: AbortSignal): Promise<Prepared> {
    const profile = await this.services.connections.resolve(request.connectionId);
    const { imports } = this.services.connections.driver(profile).capabilities;
    if (imports !== true) throw new AppError('unsupported', `Nothing can be imported into ${profile.name}.`, { detail: imports, connection: profile.name });
    if (profile.readOnly) throw new AppError('refused', `${profile.name} is a read-only connection: nothing can be imported.`, { hint: 'Choose a connection that may write.', connection: profile.name });
    return request.target.kind === 'script' ? this.prepareScript(request, { transaction: request.target.transaction, dryRun }, profile, signal) : this.prepareLoad(request, request.target, profile, signal);
  }

  private async prepareLoad(request: ImportRequest, { kind, schema, table }: { kind: 'new' | 'existing'; schema: string; table: string }, profile: ConnectionProfile, signal: AbortSignal): Promise<Prepared> {
    const { catalog, guard, connections } = this.services;
    const detail = kind === 'new' ? null : await catalog.detail(profile.id, { schema, name: table, kind: 'table' }, signal);
    const copyIn = connections.driver(profile).copyIn !== undefined;
    const built = loadPlan(request, { detail, copyIn });
    const sent = built.copy === null ? [built.createStage, copyIn ? built.fillStage.copy : built.fillStage.arrays, ...built.prepare, built.insert(null)] : [...built.prepare, built.copy];
    const changing = [...built.prepare, built.copy ?? built.insert(null)];
    const judged = [];
    for (const text of changing) judged.push({ text, verdict: await guard.classify(text, {}) });
    const unreadable = judged.find(({ verdict }) => verdict.class === 'unknown');
    if (unreadable) throw new AppError('bad_input', `The statement ${unreadable.verdict.reason}.`, { hint: 'Look at the names and types of the columns.', detail: unreadable.text });
    const statements = ['BEGIN', ...sent, 'COMMIT'].map((statement) => `${statement};`);
    const confirmations = await guard.confirmations(judged, profile);
    return { profile, load: built, plan: { statements, way: built.way, notes: [...built.notes], confirmations, hash: hashOf(request, statements) } };
  }

  private async prepareScript(request: ImportRequest, { transaction, dryRun }: { transaction: boolean; dryRun: boolean }, profile: ConnectionProfile, signal: AbortSignal): Promise<Prepared> {
    const { guard, connections } = this.services;
    const { path: file } = request.source;
    const facts = await readScriptFacts(file, { guard, profile, serverVersion: 18, signal });
    if (facts.statements === 0) throw new AppError('bad_input', `${path.basename(file)} holds no statement.`);
    if ((transaction || dryRun) && facts.transactionControl) {
      const { line, text } = facts.transactionControl;
      const hint = dryRun ? 'Such a file cannot be tried: what it commits itself would stay.' : 'Run the file without one transaction around it.';
      throw new AppError('bad_input', `Line ${line} begins or ends a transaction itself: ${text}`, { hint });
    }
    const driver = connections.driver(profile);
    if (facts.copies > 0 && !driver.copyIn) throw new AppError('unsupported', 'The file has COPY statements with their data, which this database does not take.', { detail: String(driver.capabilities.copyIn) });
    const notes = [
      `${facts.statements.toLocaleString('en-US')} statements${facts.copies > 0 ? `, ${facts.copies.toLocaleString('en-US')} of them COPY with data` : ''}.`,
      ...(facts.commands.length > 0 ? [`Commands of psql are not run: ${facts.commands.join('; ')}`] : []),
    ];
    const all = `-- ${facts.statements} statements of ${path.basename(file)}, as they are written`;
    const statements = transaction ? ['BEGIN;', all, 'COMMIT;'] : [all];
    return { profile, load: null, plan: { statements, way: 'script', notes, confirmations: [...facts.confirmations], hash: hashOf(request, [...statements, facts.digest]) } };
  }

  /** Never rejects: how it ended is in the outcome. */
  private async execute(order: ImportOrder, prepared: Prepared, signal: AbortSignal, report: Report): Promise<ImportOutcome> {
    const { request, dryRun } = order;
    const { profile, plan } = prepared;
    const started = performance.now();
    const rejectFile = request.onError === 'skip' && !dryRun ? (order.rejectPath ?? besideOf(request.source.path)) : null;
    const rejects = new Rejects(rejectFile, prepared.load ? request.columns.map(({ name }) => name) : []);
    const notices: string[] = [];
    const base = { jobId: '', dryRun, way: plan.way, statements: plan.statements, notices };
    const entry = this.beginHistory(profile, order);
    const driver = this.services.connections.driver(profile);
    try {
      const loaded = await this.services.connections.withSession(profile.id, { applicationName, signal }, async (connection) => {
        const session = new ImportSession(connection, driver, signal);
        try {
          if (prepared.load) return await load(session, { request, plan: prepared.load, dryRun, rejects, signal, report });
          const transaction = request.target.kind === 'script' && request.target.transaction;
          const rowsLoaded = await runScript(session, { file: request.source.path, transaction, dryRun, signal, report });
          return { committed: !dryRun, rowsLoaded, problemsCut: false, rejectFile: null, way: 'script' as const };
        } finally {
          notices.push(...session.notices);
        }
      });
      if (loaded.committed && (request.target.kind === 'new' || request.target.kind === 'script')) this.services.catalog.invalidate(profile.id);
      const outcome: ImportOutcome = { ...base, ...loaded, state: 'done', rowsRejected: rejects.total, problems: rejects.first, milliseconds: performance.now() - started, error: null };
      entry(null, loaded.rowsLoaded);
      return outcome;
    } catch (thrown) {
      const error = toAppError(thrown);
      // Perhaps the rest was kept: then the rows that are not in the table are in the file.
      if (!(error instanceof CommitUnknown)) await rejects.discard();
      const state = error.code === 'cancelled' ? 'cancelled' : 'failed';
      entry(error, null);
      rejects.first.sort((a, b) => a.line - b.line);
      return { ...base, state, committed: false, rowsLoaded: 0, rowsRejected: rejects.total, problems: rejects.first, problemsCut: /^At least/.test(error.message), rejectFile: null, milliseconds: performance.now() - started, error: { ...error.data, connection: profile.name } };
    }
  }

  /** Returns what ends the entry. A history that cannot be written must not keep anybody from importing. */
  private beginHistory(profile: ConnectionProfile, { request, origin, dryRun }: ImportOrder): (error: AppError | null, rows: number | null) => void {
    const started = performance.now();
    const { history } = this.services;
    const text = `-- ${dryRun ? 'dry run of an import' : 'import'} of ${request.source.path}`;
    const attempt = <T>(access: () => T): T | null => {
      try {
        return access();
      } catch {
        return null;
      }
    };
    const id = attempt(() => history.begin({ connectionId: profile.id, connectionName: profile.name, text, origin }));
    return (error, rows) => {
      if (id === null) return;
      const status = error === null ? 'done' : error.code === 'cancelled' ? 'cancelled' : 'failed';
      attempt(() => history.end(id, { status, milliseconds: performance.now() - started, rows, error: error?.message ?? null }));
    };
  }
}

/** `data.csv` -> `data.rejected-2026-11-25T22-30-00.csv`. */
function besideOf(file: string): string {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  return path.join(path.dirname(path.resolve(file)), `${path.parse(file).name}.rejected-${stamp}.csv`);
}

function hashOf(request: ImportRequest, statements: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify([request.connectionId, request.source, request.columns, request.target, statements])).digest('hex');
}

function summary({ rowsLoaded, rowsRejected, dryRun, rejectFile }: ImportOutcome): string {
  const skipped = rowsRejected > 0 ? `, ${rowsRejected.toLocaleString('en-US')} skipped${rejectFile === null ? '' : ` (${rejectFile})`}` : '';
  return `${rowsLoaded.toLocaleString('en-US')} rows ${dryRun ? 'would be loaded' : 'loaded'}${skipped}`;
}

function rest({ code: _code, message: _message, ...others }: AppError['data']): Omit<AppError['data'], 'code' | 'message'> {
  return others;
}
