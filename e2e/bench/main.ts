import { parseArgs } from 'node:util';
import { provideTestServer } from '../servers/postgresql';
import { measureInjection } from './assistant/measureInjection';
import { measureLinking } from './assistant/measureLinking';
import { measureDrivers } from './drivers/measureDrivers';
import type { Figure } from './figure';
import { measureGuard } from './guard/measureGuard';
import { measureQuery } from './query/measureQuery';
import { measurePackage } from './start/measurePackage';
import { measureStart } from './start/measureStart';

type Area = (options: { quick: boolean }) => Promise<Figure[]>;

const areas: Record<string, Area> = { query: measureQuery, start: async (options) => [...(await measureStart(options)), measurePackage()], guard: measureGuard, drivers: measureDrivers, assistant: async (options) => [...(await measureLinking(options)), ...(await measureInjection(options))] };

/** `npm run bench [-- AREA] [--json] [--quick]`: prints every figure; exit 0 when all were measured, whether or not they are ok. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' }, quick: { type: 'boolean' } }, allowPositionals: true });
  const unknown = positionals.filter((name) => !Object.hasOwn(areas, name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no area ${unknown.join(', ')}. Areas: ${Object.keys(areas).join(', ')}\n`);
    return 1;
  }
  const stopServer = await provideTestServer();
  let unmeasured = 0;
  try {
    for (const name of positionals.length > 0 ? positionals : Object.keys(areas)) {
      process.stderr.write(`[bench] ${name} ...\n`);
      for (const figure of await figuresOf(name, { quick: values.quick ?? false })) {
        if (figure.value === null) unmeasured += 1;
        process.stdout.write(values.json ? `${JSON.stringify(figure)}\n` : `${line(figure)}\n`);
      }
    }
  } finally {
    await stopServer();
  }
  return unmeasured === 0 ? 0 : 1;
}

async function figuresOf(name: string, options: { quick: boolean }): Promise<Figure[]> {
  try {
    return (await areas[name]?.(options)) ?? [];
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`[bench] ${name} could not be measured: ${reason}\n`);
    return [{ area: name, figure: 'all', value: null, unit: '', rival: null, goal: null, ok: false, runs: 0, reason }];
  }
}

function line(figure: Figure): string {
  const value = figure.value === null ? `not measured: ${figure.reason ?? ''}` : `${Number(figure.value.toPrecision(4))} ${figure.unit}`;
  const against = figure.rival ? ` against ${figure.rival}` : '';
  const goal = figure.goal ? ` (goal ${figure.goal}: ${figure.ok ? 'met' : 'MISSED'})` : '';
  return `${figure.area}.${figure.figure}  ${value}${against}${goal}  ${figure.runs} runs`;
}

process.exit(await main());
