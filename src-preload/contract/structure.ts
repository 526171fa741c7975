import { z } from 'zod';
import { objectRef } from './catalog';
import { call, defineContract } from './core';
import { structureEdit, structureModel } from './structureModel';

/** One statement of a change, in the order in which it has to run. */
export const plannedStatement = z.object({
  /** Without a semicolon. */
  text: z.string(),
  /** The lock that it takes and on what, in words: `ACCESS EXCLUSIVE on shop.orders: nobody can read or write it meanwhile`. */
  lock: z.string(),
  /** Whether every row is written anew, or every row is read. */
  effort: z.enum(['catalog', 'scan', 'rewrite']),
  /** It runs by itself, after the transaction: the server refuses it inside of one, or it would hold the others' locks for long. */
  alone: z.boolean(),
  /** What else a person should know. */
  note: z.string().nullable(),
  /** The same change in a way that blocks others for a shorter time; empty where there is none. */
  safer: z.array(z.string()),
  /** Removes data that no statement brings back. */
  destroys: z.boolean(),
});
export type PlannedStatement = z.infer<typeof plannedStatement>;

/** An edit that could not be made, by its place in the log. */
export const editProblem = z.object({ index: z.number().int(), message: z.string() });
export type EditProblem = z.infer<typeof editProblem>;

export const structurePlan = z.object({
  statements: z.array(plannedStatement),
  problems: z.array(editProblem),
  /** Names that are too long, and what else is odd but allowed. */
  warnings: z.array(z.string()),
  /** What is sent: a transaction around all that can be in one, with the limit on waiting for locks. */
  script: z.string(),
  /** What the object is afterwards. */
  target: structureModel,
});
export type StructurePlan = z.infer<typeof structurePlan>;

export const planOptions = z.object({
  /** Milliseconds that a statement may wait for a lock; 0 waits for ever. */
  lockTimeoutMs: z.number().int().min(0).max(86_400_000).default(5000),
  /** Uses the safer way where there is one. */
  safer: z.boolean().default(false),
});
export type PlanOptions = z.output<typeof planOptions>;

export const dependent = z.object({
  /** As the server describes it: `view shop.totals`. */
  description: z.string(),
  /** How it hangs on the object: it goes along in any case, or only with CASCADE. */
  goes: z.enum(['always', 'cascade']),
});
export type Dependent = z.infer<typeof dependent>;

export const dropPlan = z.object({
  text: z.string(),
  script: z.string(),
  /** Everything that would go too, nearest first; at most 500. */
  dependents: z.array(dependent),
  /** More than are listed. */
  more: z.number().int(),
  lock: z.string(),
});
export type DropPlan = z.infer<typeof dropPlan>;

const onConnection = z.object({ connectionId: z.string() });

export const structureContract = defineContract('structure', {
  /** A table's or view's structure as it is on the server. Rejects with `not_found`, `unsupported` for other kinds. */
  read: call(onConnection.extend({ object: objectRef }), structureModel),
  /** The statements that turn `from` into what the edits make of it; `from` with `was: null` is created. */
  plan: call(onConnection.extend({ from: structureModel, edits: z.array(structureEdit).max(2000), options: planOptions }), structurePlan),
  /** The statement that drops an object, and what hangs on it. */
  dropPlan: call(onConnection.extend({ object: objectRef, cascade: z.boolean(), lockTimeoutMs: planOptions.shape.lockTimeoutMs }), dropPlan),
  /** Names of types, index methods and schemas that can be chosen from. */
  choices: call(onConnection, z.object({ types: z.array(z.string()), methods: z.array(z.string()), schemas: z.array(z.string()) })),
});
