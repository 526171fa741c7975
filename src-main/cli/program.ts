import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { AppError } from '../errors';
import { addAskArea } from './ask';
import { addConnectionsArea } from './connectionsArea';
import type { CliContext, GlobalOptions } from './context';
import { addExplainArea } from './explainArea';
import { addGuardArea } from './guardArea';
import { addHistoryAndJobs } from './historyArea';
import { addPlanArea } from './planArea';
import { addImportArea } from './importArea';
import { addQueryArea } from './query';

/** What a verb does with its operands and options. */
export type Action<O extends object> = (context: CliContext, operands: readonly string[], options: O) => Promise<void>;
/** Adds one verb; `usage` is its name and operands as commander reads them. */
export type AddVerb = <O extends object>(usage: string, description: string, options: (command: Command) => Command, action: Action<O>) => void;
/** Makes an area with verbs of its own, or, without a name, adds to the top. */
export type AreaCommand = (name: string | null, description: string) => AddVerb;

/** Runs an action once the services exist; given by the entry. */
export type Runner = (globals: GlobalOptions, action: (context: CliContext) => Promise<void>) => Promise<void>;

/** Areas of the grammar that come with later versions. */
const LATER = 'advise health alerts schema backup migrate cache cost mcp daemon'.split(' ');

/** Builds the grammar. Parsing throws AppError `bad_input` for what does not fit it; help and version end quietly. */
export function createProgram(version: string, run: Runner): Command {
  const program = new Command('ai-shell');
  program
    .description('Ask, check and run queries on databases, from scripts and the terminal.')
    .version(version)
    .option('--workspace <dir>', 'folder of definitions (default: ./.ai-shell, else your own)')
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'no progress and messages')
    .option('--yes', 'answer confirmations with yes')
    .option('--no-color', 'no colours')
    .option('--timeout <seconds>', 'give up after this many seconds', seconds)
    .option('-c, --connection <name>', 'a saved connection, or a URL')
    .addOption(new Option('--database <name>', 'the same as --connection').hideHelp())
    .option('--password-stdin', 'read the password from the first line of stdin')
    .option('--accept-host-key <fingerprint>', 'trust an SSH server that is not known yet when its key has this fingerprint (SHA256:...)', (value: string, before: string[] = []) => [...before, value])
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .showHelpAfterError(false);

  const addVerb =
    (parent: Command): AddVerb =>
    (usage, description, options, action) => {
      const command = options(parent.command(usage).description(description));
      command.action(async () => {
        const { database, ...globals } = program.opts<GlobalOptions & { database?: string }>();
        const merged = globals.connection === undefined && database !== undefined ? { ...globals, connection: database } : globals;
        await run(merged, (context) => action(context, command.args, command.opts()));
      });
    };
  const area: AreaCommand = (name, description) => addVerb(name === null ? program : program.command(name).description(description));
  addConnectionsArea(area);
  addQueryArea(area);
  addImportArea(area);
  addAskArea(area);
  addGuardArea(area);
  addHistoryAndJobs(area);
  addPlanArea(area);
  addExplainArea(area);
  for (const name of LATER) {
    program
      .command(name, { hidden: true })
      .allowUnknownOption()
      .allowExcessArguments()
      .argument('[rest...]')
      .action(() => {
        throw new AppError('unsupported', `\`ai-shell ${name}\` is not in this version.`, { hint: 'See `ai-shell --help` for what is.' });
      });
  }
  return program;
}

/** Whether parsing ended because help or the version was printed. */
export function isHelp(thrown: unknown): boolean {
  return thrown instanceof CommanderError && (thrown.code === 'commander.helpDisplayed' || thrown.code === 'commander.version');
}

/** Turns commander's errors into ours. */
export function grammarError(thrown: unknown): unknown {
  if (!(thrown instanceof CommanderError)) return thrown;
  const message = thrown.code === 'commander.help' ? 'Which area and verb?' : thrown.message.replace(/^error: /, '').trim();
  return new AppError('bad_input', message, { hint: 'See `ai-shell --help`, or `ai-shell AREA --help`.' });
}

/**
 * An operand that begins with a dash and holds white space is a statement (`-- comment` and more), not an option: such operands
 * are moved behind `--`, where they are never read as options.
 */
export function shieldStatements(args: readonly string[]): string[] {
  const border = args.indexOf('--');
  const before = border === -1 ? args : args.slice(0, border);
  const after = border === -1 ? [] : args.slice(border + 1);
  const isStatement = (arg: string): boolean => /^-/.test(arg) && /\s/.test(arg) && !/^--[a-z][a-z-]*=/.test(arg);
  const statements = before.filter(isStatement);
  const rest = before.filter((arg) => !isStatement(arg));
  return statements.length + after.length === 0 ? rest : [...rest, '--', ...statements, ...after];
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > 2_000_000) throw new InvalidArgumentError('It is a number of seconds.');
  return value;
}
