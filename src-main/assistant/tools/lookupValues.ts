import { z } from 'zod';
import { wrapData } from '../boundary';
import { nearestNames } from '../nearest';
import { findRelation, nearestRelations, qualified, quoteName } from '../relationNames';
import { sharingOf } from '../sharing';
import { findValues, type FoundValues } from '../storedValues';
import { defineTool, type ToolOutcome } from './tool';

const VALUES = 20;

export const lookupValues = defineTool({
  name: 'lookup_values',
  description:
    'Shows how values are spelled in one column: up to 20 distinct ones that equal or contain the given text in any case and with or without accents, or any when none is given. When nothing does, the most alike. Never for reading data at large.',
  input: z.strictObject({
    relation: z.string().min(1).max(200).describe('Table or view, as schema.name.'),
    column: z.string().min(1).max(100),
    text: z.string().max(100).optional().describe('The value, or part of it.'),
  }),
  title: ({ relation, column, text }) => `Look up ${text === undefined ? 'values' : `“${text}”`} in ${relation}.${column}`,
  async run({ relation: name, column: columnName, text }, { profile, snapshot, lane, signal }) {
    if (sharingOf(profile) === 'schema') return { state: 'refused', summary: 'values are not shared on this connection', content: 'Values are not shared with you on this connection. Ask the person for the spelling, or compare in a way that does not depend on it.' };
    const relation = findRelation(snapshot, name);
    if (!relation) return notFound(`${name} is no table or view.`, nearestRelations(snapshot, name));
    const wanted = columnName.replaceAll('"', '');
    const column = relation.columns.find((known) => known.name === wanted) ?? relation.columns.find((known) => known.name.toLowerCase() === wanted.toLowerCase());
    if (!column) return notFound(`${qualified(relation)} has no column ${columnName}.`, nearestNames(wanted, relation.columns.map((known) => known.name)));
    // The look-up asks the planner's statistics too, which no query of the model may; so it is held to what the model may read first.
    await lane.rows({ text: `SELECT ${quoteName(column.name)} FROM ${quoteName(relation.schema)}.${quoteName(relation.name)} LIMIT 0` }, signal);
    const place = { schema: relation.schema, table: relation.name, kind: relation.kind, rows: relation.rows, column: column.name, type: column.type };
    return outcomeOf(await findValues(place, text, VALUES, (statement) => lane.lookUp(statement, signal)), quoteName(column.name), text);
  },
});

const seenIn: Readonly<Record<FoundValues['seen'], string>> = {
  statistics: 'These are from the planner’s statistics as of the last ANALYZE; others may be there.',
  index: 'These were found by an index, in the usual spellings; others may be there.',
  sample: 'The table is large and only a sample was looked at; others may be there.',
  'all rows': '',
};

function outcomeOf({ values, match, seen, more }: FoundValues, column: string, text: string | undefined): ToolOutcome {
  const where = [seenIn[seen], more ? '(there are more)' : ''].filter(Boolean).join(' ');
  const list = values.length > 0 ? wrapData(values.map((value) => JSON.stringify(value)).join('\n')) : '';
  const lines = (...texts: string[]): string => texts.filter(Boolean).join('\n');
  const none = seen === 'all rows' ? 'No value contains that text.' : 'No value that was looked at contains that text.';
  if (match === 'alike') return { state: 'done', summary: 'nothing like it, alike ones shown', rows: values.length, content: lines(`${none} The most alike:`, list, where) };
  if (match === 'none') return { state: 'done', summary: 'nothing like it', rows: 0, content: lines(`${none} Some of what is there:`, list, where) };
  if (values.length === 0) return { state: 'done', summary: 'no values', rows: 0, content: lines(`${column} holds no values${text ? ' that contain the text' : ''}.`, where) };
  return { state: 'done', summary: `${values.length}${more ? ' or more' : ''} values`, rows: values.length, content: lines(list, where) };
}

function notFound(message: string, near: readonly string[]): ToolOutcome {
  return { state: 'failed', summary: message, content: wrapData(`${message}${near.length > 0 ? ` Nearest real names: ${near.join(', ')}.` : ''}`) };
}
