import { z } from 'zod';
import { wrapData } from '../boundary';
import { nearestNames } from '../nearest';
import { exactName, findRelation, nearestRelations, qualified, quoteName } from '../relationNames';
import { defineTool } from './tool';

/** How many values the model sees, how long each may be, and how many rows are looked at. */
const VALUES = 20;
const VALUE_CHARS = 100;
const ROWS_LOOKED_AT = 50_000;
const SAMPLE = 200;

export const lookupValues = defineTool({
  name: 'lookup_values',
  description:
    'Shows how values are spelled in one column: up to 20 distinct ones, that contain the given text in any case, or any when none is given. When nothing contains it, the most alike of a sample. Never for reading data at large.',
  input: z.strictObject({
    relation: z.string().min(1).max(200).describe('Table or view, as schema.name.'),
    column: z.string().min(1).max(100),
    text: z.string().max(100).optional().describe('Part of the value.'),
  }),
  title: ({ relation, column, text }) => `Look up ${text === undefined ? 'values' : `“${text}”`} in ${relation}.${column}`,
  async run({ relation: name, column: columnName, text }, { snapshot, lane, signal }) {
    const relation = findRelation(snapshot, name);
    if (!relation) return notFound(`${name} is no table or view.`, nearestRelations(snapshot, name));
    const wanted = columnName.replaceAll('"', '');
    const column = relation.columns.find((known) => known.name === wanted) ?? relation.columns.find((known) => known.name.toLowerCase() === wanted.toLowerCase());
    if (!column) return notFound(`${qualified(relation)} has no column ${columnName}.`, nearestNames(wanted, relation.columns.map((known) => known.name)));

    const place = { schema: relation.schema, table: relation.name, column: column.name };
    const found = await valuesIn(place, text ?? '', VALUES + 1, (statement) => lane.rows(statement, signal));
    if (found.length > 0 || !text) return valuesText(found, quoteName(column.name), text);
    const sample = await valuesIn(place, '', SAMPLE, (statement) => lane.rows(statement, signal));
    const near = nearestNames(text, sample, VALUES);
    return near.length > 0
      ? { state: 'done', summary: 'nothing like it, alike ones shown', rows: near.length, content: `No value contains that text. The most alike of a sample:\n${wrapData(near.map((value) => JSON.stringify(value)).join('\n'))}` }
      : { state: 'done', summary: 'nothing like it', rows: 0, content: `No value contains that text. A sample of what is there:\n${wrapData(sample.slice(0, VALUES).map((value) => JSON.stringify(value)).join('\n'))}` };
  },
});

interface Place {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

/** The text is a parameter and the names are quoted, so nothing of the model's becomes SQL. */
async function valuesIn({ schema, table, column }: Place, text: string, limit: number, read: (statement: { text: string; parameters: string[] }) => Promise<{ rows: readonly (readonly (string | null)[])[] }>): Promise<string[]> {
  const value = `left(${exactName(column)}::text, ${VALUE_CHARS})`;
  const inner = `SELECT ${value} AS value FROM ${exactName(schema)}.${exactName(table)} WHERE ${exactName(column)} IS NOT NULL AND ${exactName(column)}::text ILIKE $1 LIMIT ${ROWS_LOOKED_AT}`;
  const pattern = `%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
  const { rows } = await read({ text: `SELECT DISTINCT value FROM (${inner}) AS looked_at ORDER BY value LIMIT ${limit}`, parameters: [pattern] });
  return rows.flatMap((row) => row[0] ?? []);
}

function valuesText(found: readonly string[], column: string, text: string | undefined): { state: 'done'; summary: string; rows: number; content: string } {
  if (found.length === 0) return { state: 'done', summary: 'no values', rows: 0, content: `${column} holds no values${text ? ' that contain the text' : ''}.` };
  const shown = found.slice(0, VALUES);
  const more = found.length > shown.length ? '\n(there are more)' : '';
  return { state: 'done', summary: `${shown.length}${more ? ' or more' : ''} values`, rows: shown.length, content: wrapData(shown.map((value) => JSON.stringify(value)).join('\n')) + more };
}

function notFound(message: string, near: readonly string[]): { state: 'failed'; summary: string; content: string } {
  return { state: 'failed', summary: message, content: wrapData(`${message}${near.length > 0 ? ` Nearest real names: ${near.join(', ')}.` : ''}`) };
}
