import type { EditColumn } from './rowEdits';
import type { EditValue } from './rowEditLog';

/**
 * What a column's type says against a value before the server is asked; null when nothing is known against it. It refuses what the
 * server would silently change, such as a numeric with more decimals than the column keeps.
 */
export function valueProblem(column: EditColumn, value: EditValue): string | null {
  if (value.kind === 'null') return column.nullable ? null : 'This column cannot be NULL.';
  if (value.kind === 'default') return column.default === null && !column.nullable ? 'This column has no default.' : null;
  if (value.kind === 'call') return null;
  if (value.text.includes('\0')) return 'PostgreSQL cannot store a NUL character.';
  if (column.labels !== null) return column.labels.includes(value.text) ? null : `It must be one of ${column.labels.slice(0, 12).join(', ')}.`;
  return typeProblem(column.baseType, value.text);
}

type Check = (text: string, modifiers: readonly number[]) => string | null;

const integer =
  (bits: number): Check =>
  (text) => {
    if (!/^\s*[+-]?\d+\s*$/.test(text)) return 'It must be a whole number, written with digits only.';
    const most = 2n ** BigInt(bits - 1);
    const number = BigInt(text.trim().replace(/^\+/, ''));
    return number >= -most && number < most ? null : `It must lie between ${-most} and ${most - 1n}.`;
  };

const numeric: Check = (text, [precision, scale = 0]) => {
  const number = text.trim();
  if (/^([+-]?(infinity|inf)|nan)$/i.test(number)) return null;
  const match = /^[+-]?(\d*)\.?(\d*)(e[+-]?\d+)?$/i.exec(number);
  if (!match || (match[1] === '' && match[2] === '')) return 'It must be a number such as -12.50.';
  if (precision === undefined || match[3] !== undefined) return null;
  const decimals = (match[2] ?? '').replace(/0+$/, '').length;
  if (decimals > Math.max(0, scale)) return `It has ${decimals} decimals, and the column keeps ${Math.max(0, scale)}: the server would round it.`;
  const whole = (match[1] ?? '').replace(/^0+/, '').length;
  return whole > precision - scale ? `The column has room for ${precision - scale} digits before the point.` : null;
};

const json: Check = (text) => {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return `It is no valid JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
};

const characters: Check = (text, [most]) => {
  const length = Array.from(text).length;
  return most === undefined || length <= most ? null : `It has ${length} characters, and the column keeps ${most}.`;
};

const checks: Readonly<Record<string, Check>> = {
  smallint: integer(16),
  integer: integer(32),
  bigint: integer(64),
  numeric,
  json,
  jsonb: json,
  'character varying': characters,
  character: characters,
  boolean: (text) => (/^\s*(t|true|y|yes|on|1|f|false|n|no|off|0)\s*$/i.test(text) ? null : 'It must be true or false.'),
  uuid: (text) => (/^\s*\{?([0-9a-f]{4}-?){7}[0-9a-f]{4}\}?\s*$/i.test(text) ? null : 'It must be a UUID: 32 hexadecimal digits.'),
  bytea: (text) => (/^\\x(\s*[0-9a-f]{2})*\s*$/i.test(text) ? null : 'It must be bytes in hexadecimal: \\x and two digits a byte.'),
};

/** `numeric(20,6)` -> its name and its modifiers. */
function typeProblem(type: string, text: string): string | null {
  const match = /^([a-z ]+?)(?:\((\d+)(?:,(-?\d+))?\))?$/.exec(type);
  const check = checks[match?.[1] ?? ''];
  return check?.(text, [match?.[2], match?.[3]].filter((part) => part !== undefined).map(Number)) ?? null;
}

/** Whether an insert that leaves the column out can succeed. */
export function mayBeLeftOut(column: EditColumn): boolean {
  return column.nullable || column.default !== null || column.insert !== true;
}
