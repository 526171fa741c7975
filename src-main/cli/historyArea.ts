import { AppError } from '../errors';
import type { CliContext } from './context';
import { printList } from './lists';
import type { AreaCommand } from './program';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
/** Entries read at once. */
const PAGE = 200;

/** `history [--last 24h]` and `jobs list | jobs cancel ID` */
export function addHistoryAndJobs(area: AreaCommand): void {
  const top = area(null, '');
  top('history', 'what was run, by whom, how it ended; the newest first', (command) => command.option('--last <duration>', 'such as 30m, 24h, 7d', '24h').option('--format <format>', 'table, json or ndjson'), history);
  const jobs = area('jobs', 'long work');
  jobs('list', 'running and ended jobs', (command) => command.option('--format <format>', 'table, json or ndjson'), listJobs);
  jobs('cancel <id>', 'stop a job, also one of another process', (command) => command, cancelJob);
}

/** Reads `30m`, `24h`, `7d` as seconds. */
export function durationSeconds(text: string): number {
  const [, amount, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text.trim()) ?? [];
  const factor = UNITS[unit];
  if (amount === undefined || factor === undefined) throw new AppError('bad_input', `${text} is not a duration.`, { hint: 'Write 90s, 30m, 24h, 7d or 2w.' });
  return Number(amount) * factor;
}

async function history({ services, options, output }: CliContext, _operands: readonly string[], { last, format }: { last: string; format?: string }): Promise<void> {
  const since = new Date(Date.now() - durationSeconds(last) * 1000).toISOString();
  const connectionId = options.connection === undefined ? undefined : (await services.connections.resolve(options.connection)).id;
  const query = { search: '', since, limit: PAGE, ...(connectionId === undefined ? {} : { connectionId }) };
  const entries = services.history.list(query);
  for (let page = entries; page.length === PAGE; ) {
    page = services.history.list({ ...query, before: page.at(-1)?.id });
    entries.push(...page);
  }
  await printList(output, format, entries, {
    at: (entry) => entry.at,
    connection: (entry) => entry.connectionName,
    by: (entry) => entry.origin,
    status: (entry) => entry.status,
    ms: (entry) => (entry.milliseconds === null ? null : String(Math.round(entry.milliseconds))),
    rows: (entry) => (entry.rows === null ? null : String(entry.rows)),
    statement: (entry) => oneLine(entry.text),
  });
}

async function listJobs({ services, output }: CliContext, _operands: readonly string[], { format }: { format?: string }): Promise<void> {
  await printList(output, format, services.jobs.list(), {
    id: (job) => job.id,
    kind: (job) => job.kind,
    state: (job) => job.state,
    progress: (job) => (job.progress === null ? null : `${Math.round(job.progress * 100)} %`),
    started: (job) => job.startedAt,
    title: (job) => job.title,
    message: (job) => job.message,
  });
}

async function cancelJob({ services, output }: CliContext, [id = '']: readonly string[]): Promise<void> {
  services.jobs.cancel(id);
  output.say(`Asked job ${id} to stop.`);
  if (output.json) await output.document({ cancelled: id });
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
