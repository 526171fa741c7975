import type { FieldPacket } from 'mysql2';
import type { Column } from '../../../src-preload/contract/queries';
import type { CellText } from './rowCopier';

/** Type codes of the protocol. Source: MySQL's field_types.h. */
const code = { bit: 16, json: 245, enum: 247, set: 248, tinyBlob: 249, mediumBlob: 250, longBlob: 251, blob: 252, varString: 253, string: 254, geometry: 255 } as const;
/** The number of the character set `binary`: a column with it holds bytes. */
const binaryCharacterSet = 63;
const flag = { unsigned: 32, binary: 128, enum: 256, set: 2048 } as const;

type Family = Column['family'];

/** Name and family by type code. */
const plainTypes: Readonly<Record<number, readonly [string, Family]>> = {
  0: ['decimal', 'number'], 1: ['tinyint', 'number'], 2: ['smallint', 'number'], 3: ['int', 'number'], 4: ['float', 'number'], 5: ['double', 'number'],
  6: ['null', 'other'], 7: ['timestamp', 'datetime'], 8: ['bigint', 'number'], 9: ['mediumint', 'number'], 10: ['date', 'datetime'], 11: ['time', 'datetime'],
  12: ['datetime', 'datetime'], 13: ['year', 'number'], 14: ['date', 'datetime'], 16: ['bit', 'other'], 17: ['timestamp', 'datetime'], 18: ['datetime', 'datetime'],
  19: ['time', 'datetime'], 245: ['json', 'json'], 246: ['decimal', 'number'], 247: ['enum', 'text'], 248: ['set', 'text'], 255: ['geometry', 'binary'],
};

/** What a column's definition packet says of its type. mysql2's typings leave some of its fields out. */
interface FieldDefinition {
  readonly columnType: number;
  readonly characterSet: number;
  readonly columnLength: number;
  readonly flags: number;
  readonly decimals: number;
}

interface ColumnType {
  readonly name: string;
  readonly family: Family;
  readonly text: CellText;
}

const asSent: CellText = null;
const asHex: CellText = (bytes) => `\\x${bytes.toString('hex')}`;

function typeOf(field: FieldDefinition): ColumnType {
  const { columnType: type, flags } = field;
  if (type === code.geometry) return { name: 'geometry', family: 'binary', text: asHex };
  if (type === code.bit) return { name: `bit(${field.columnLength})`, family: 'other', text: (bytes) => bits(bytes, field.columnLength) };
  if ((flags & flag.enum) !== 0) return { name: 'enum', family: 'text', text: asSent };
  if ((flags & flag.set) !== 0) return { name: 'set', family: 'text', text: asSent };
  const isText = (type >= code.tinyBlob && type <= code.string) || type === 15;
  if (isText) return textType(field);
  const [name, family] = plainTypes[type] ?? [`type ${type}`, 'other'];
  return { name: `${name}${precision(field, name)}${family === 'number' && (flags & flag.unsigned) !== 0 && name !== 'year' ? ' unsigned' : ''}`, family, text: asSent };
}

function textType({ columnType: type, characterSet, columnLength }: FieldDefinition): ColumnType {
  const bytes = characterSet === binaryCharacterSet;
  const isBlob = type >= code.tinyBlob && type <= code.blob;
  const name = isBlob ? (bytes ? 'blob' : 'text') : `${type === code.string ? '' : 'var'}${bytes ? 'binary' : 'char'}(${bytes ? columnLength : Math.floor(columnLength / 4)})`;
  return bytes ? { name, family: 'binary', text: asHex } : { name, family: 'text', text: asSent };
}

/** The length of a decimal counts its sign and its point. */
function precision({ columnLength, decimals, flags }: FieldDefinition, name: string): string {
  if (name === 'decimal') {
    const digits = columnLength - ((flags & flag.unsigned) === 0 ? 1 : 0) - (decimals > 0 ? 1 : 0);
    return `(${digits},${decimals})`;
  }
  const fraction = ['datetime', 'timestamp', 'time'].includes(name) && decimals > 0 && decimals <= 6;
  return fraction ? `(${decimals})` : '';
}

/** As `BIN()` writes it, with the leading zeros of the column's length. */
function bits(bytes: Buffer, length: number): string {
  const all = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return all.padStart(length, '0').slice(-length);
}

/** A column of a result, and how its cells become text. The text protocol sends every value exactly, as text. */
export function describeColumn(field: FieldPacket): { column: Column; text: CellText } {
  const { name, family, text } = typeOf(field as unknown as FieldDefinition);
  return { column: { name: field.name, type: name, family, source: null }, text };
}
