import type { z } from 'zod';
import type { MessagePart, NotesProposal, Proposal } from '../../../src-preload/contract/assistant';
import type { CatalogSnapshot, ObjectDetail, ObjectRef } from '../../../src-preload/contract/catalog';
import type { ConnectionProfile } from '../../../src-preload/contract/connections';
import type { ResultView } from '../../../src-preload/contract/charts';
import type { ChartsService } from '../../charts/service';
import type { Guard } from '../../guard/service';
import type { HistoryService } from '../../queries/service';
import type { Lane } from '../lane';
import type { RankedRelation } from '../linking/rankRelations';
import type { SqlPart } from '../service';

/** What a tool call came to. */
export interface ToolOutcome {
  /** `refused`: the guard or a rule said no. */
  readonly state: 'done' | 'failed' | 'refused';
  /** One short line for the person. */
  readonly summary: string;
  /** For the model; what comes from the database is wrapped by `wrapData`. */
  readonly content: string;
  /** The guard's verdict, for the audit; empty when the tool runs no text of the model. */
  readonly verdict?: string;
  readonly rows?: number | null;
  /** Shown behind the step: a checked query, a proposal. */
  readonly part?: MessagePart;
  /** A query that did not stand up; so many of them are allowed. */
  readonly badSql?: boolean;
  /** What the model is told of the state, where it must not learn it. */
  readonly toModel?: 'done';
}

/** What the tools may use. Nothing here sends data out or writes, and no tool is given the way to approve. */
export interface ToolContext {
  readonly profile: ConnectionProfile;
  readonly lane: Lane;
  readonly guard: Guard;
  readonly history: HistoryService;
  readonly charts: Pick<ChartsService, 'suggest'>;
  /** Without private columns, as `detail`. */
  readonly snapshot: CatalogSnapshot;
  detail(relation: ObjectRef): Promise<ObjectDetail>;
  /** A text of the server without the names of private columns. */
  readonly hide: (text: string) => string;
  /** In the engine's cost units; above it the person decides whether to run a query. 0 is without a limit. */
  readonly costLimit: number;
  readonly signal: AbortSignal;
  /** What is unusual in a statement that parses, the gravest first, as sentences. */
  advise(text: string): Promise<string[]>;
  /** Relations that words are about, best first; see `linking/`. */
  search(words: string, limit: number): Promise<RankedRelation[]>;
  /** The query that ran in this answer with exactly this text. */
  ranBefore(text: string): SqlPart | undefined;
  /** The query of this answer that gave rows last. */
  lastRun(): SqlPart | undefined;
  /** Shows the rows of a query of this answer so. */
  showAs(resultId: string, view: ResultView): void;
  /** Makes a proposal of another text for the connection's notes. */
  proposeNotes(proposal: { text: string; purpose: string }): Promise<NotesProposal>;
  propose(proposal: { text: string; objects: readonly string[]; warnings: readonly string[]; estimatedRows: number | null; purpose: string }): Proposal;
}

/** One thing that the model may ask the host to do. */
export interface AssistantTool<S extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** For the model. */
  readonly description: string;
  /** Strict: a call with unknown fields is refused. */
  readonly input: S;
  /** For the person, while it runs. */
  title(input: z.output<S>): string;
  /** Rejects with AppError when the connection or the server fails. */
  run(input: z.output<S>, context: ToolContext): Promise<ToolOutcome>;
}

/** Keeps a tool's own input type inside while the list of tools is uniform. */
export function defineTool<S extends z.ZodObject>(tool: AssistantTool<S>): AssistantTool {
  return tool;
}
