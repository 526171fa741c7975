import type { Column } from '../../../src-preload/contract/queries';

type Family = Column['family'];

interface TypeName {
  readonly name: string;
  readonly family: Family;
}

/**
 * `oid:array oid:name` of the built-in types that a result can have; they are the same in every version and never reused.
 * Source: pg_type.dat.
 */
const builtin: Partial<Record<Family, string>> = {
  boolean: '16:1000:boolean',
  number: `20:1016:bigint 21:1005:smallint 23:1007:integer 26:1028:oid 700:1021:real 701:1022:double_precision 1700:1231:numeric
    5069:271:xid8 28:1011:xid 29:1012:cid`,
  datetime: '1082:1182:date 1083:1183:time 1114:1115:timestamp 1184:1185:timestamptz 1266:1270:timetz',
  json: '114:199:json 3802:3807:jsonb',
  binary: '17:1001:bytea',
  text: `18:1002:"char" 19:1003:name 25:1009:text 1042:1014:bpchar 1043:1015:varchar 142:143:xml 705:0:unknown 2950:2951:uuid
    24:1008:regproc 2202:2207:regprocedure 2203:2208:regoper 2204:2209:regoperator 2205:2210:regclass 2206:2211:regtype
    3734:3735:regconfig 3769:3770:regdictionary 4089:4090:regnamespace 4096:4097:regrole 4191:4192:regcollation 2275:1263:cstring`,
  other: `600:1017:point 601:1018:lseg 602:1019:path 603:1020:box 604:1027:polygon 628:629:line 718:719:circle 650:651:cidr
    869:1041:inet 774:775:macaddr8 829:1040:macaddr 790:791:money 1186:1187:interval 1560:1561:bit 1562:1563:varbit
    3904:3905:int4range 3906:3907:numrange 3908:3909:tsrange 3910:3911:tstzrange 3912:3913:daterange 3926:3927:int8range
    4451:6150:int4multirange 4532:6151:nummultirange 4533:6152:tsmultirange 4534:6153:tstzmultirange 4535:6155:datemultirange
    4536:6157:int8multirange 27:1010:tid 1033:1034:aclitem 1790:2201:refcursor 2970:2949:txid_snapshot 5038:5039:pg_snapshot
    3220:3221:pg_lsn 3614:3643:tsvector 3615:3645:tsquery 3642:3644:gtsvector 4072:4073:jsonpath 2249:2287:record 2278:0:void
    194:0:pg_node_tree 3361:0:pg_ndistinct 3402:0:pg_dependencies 5017:0:pg_mcv_list 22:1006:int2vector 30:1013:oidvector
    2279:0:trigger 3838:0:event_trigger`,
};

interface BuiltinType extends TypeName {
  readonly array: boolean;
}

const builtinTypes: ReadonlyMap<number, BuiltinType> = readBuiltin();

function readBuiltin(): Map<number, BuiltinType> {
  const types = new Map<number, BuiltinType>();
  for (const [family, list] of Object.entries(builtin) as [Family, string][]) {
    for (const entry of list.split(/\s+/)) {
      const [oid, arrayOid, name = ''] = entry.split(':');
      types.set(Number(oid), { name, family, array: false });
      if (arrayOid !== '0') types.set(Number(arrayOid), { name, family: 'array', array: true });
    }
  }
  return types;
}

/** Source: intervaltypmodout in PostgreSQL's timestamp.c; the bits of the fields that an interval keeps. */
const intervalFields = new Map<number, string>([
  [1 << 2, ' year'],
  [1 << 1, ' month'],
  [1 << 3, ' day'],
  [1 << 10, ' hour'],
  [1 << 11, ' minute'],
  [1 << 12, ' second'],
  [(1 << 2) | (1 << 1), ' year to month'],
  [(1 << 3) | (1 << 10), ' day to hour'],
  [(1 << 3) | (1 << 10) | (1 << 11), ' day to minute'],
  [(1 << 3) | (1 << 10) | (1 << 11) | (1 << 12), ' day to second'],
  [(1 << 10) | (1 << 11), ' hour to minute'],
  [(1 << 10) | (1 << 11) | (1 << 12), ' hour to second'],
  [(1 << 11) | (1 << 12), ' minute to second'],
]);

/** Names that carry a modifier, by the built-in type's short name: as `format_type(oid, typmod)` prints them. */
const withModifier: Readonly<Record<string, (modifier: number) => string>> = {
  numeric: (modifier) =>
    modifier < 0 ? 'numeric' : `numeric(${((modifier - 4) >> 16) & 0xffff},${(((modifier - 4) & 0x7ff) ^ 1024) - 1024})`,
  bpchar: (modifier) => (modifier < 0 ? 'bpchar' : `character(${modifier - 4})`),
  varchar: (modifier) => (modifier < 0 ? 'character varying' : `character varying(${modifier - 4})`),
  bit: (modifier) => (modifier < 0 ? '"bit"' : `bit(${modifier})`),
  varbit: (modifier) => (modifier < 0 ? 'bit varying' : `bit varying(${modifier})`),
  time: (modifier) => `time${precision(modifier)} without time zone`,
  timetz: (modifier) => `time${precision(modifier)} with time zone`,
  timestamp: (modifier) => `timestamp${precision(modifier)} without time zone`,
  timestamptz: (modifier) => `timestamp${precision(modifier)} with time zone`,
  interval: (modifier) => `interval${intervalModifier(modifier)}`,
  double_precision: () => 'double precision',
};

function precision(modifier: number): string {
  return modifier < 0 ? '' : `(${modifier})`;
}

function intervalModifier(modifier: number): string {
  if (modifier < 0) return '';
  const digits = modifier & 0xffff;
  return (intervalFields.get((modifier >> 16) & 0x7fff) ?? '') + (digits === 0xffff ? '' : `(${digits})`);
}

/** A type of the database itself (an enum, a range, a composite, an extension's), as the server names it. */
export interface UserType extends TypeName {
  readonly oid: number;
  /** Its array type, or 0. */
  readonly array: number;
}

/** Names of types by oid: the built-in ones from a table, the database's own as far as the session has learned them. */
export class TypeNames {
  private readonly user = new Map<number, TypeName>();

  learn(types: readonly UserType[]): void {
    for (const type of types) {
      this.user.set(type.oid, { name: type.name, family: type.family });
      if (type.array !== 0) this.user.set(type.array, { name: `${type.name}[]`, family: 'array' });
    }
  }

  /** Renamed or dropped types: what is asked for next is read again. */
  forget(): void {
    this.user.clear();
  }

  /** Name with modifiers and family, or null for a type that the session does not know yet. */
  find(oid: number, modifier: number): TypeName | null {
    const known = builtinTypes.get(oid);
    if (known === undefined) return this.user.get(oid) ?? null;
    const format = withModifier[known.name];
    const name = format === undefined ? known.name : format(modifier);
    return { name: known.array ? `${name}[]` : name, family: known.family };
  }
}

/** Source: the manual, "typcategory Codes". */
const familyOfCategory: Readonly<Record<string, Family>> = { A: 'array', B: 'boolean', D: 'datetime', E: 'text', N: 'number', S: 'text' };

const typeColumns = 't.oid, pg_catalog.format_type(t.oid, NULL), t.typcategory, t.typarray';

/** Enums, ranges and extensions' types of the database; composite types of tables are many and are read when met. */
export const userTypesQuery = `SELECT ${typeColumns} FROM pg_catalog.pg_type t
WHERE t.oid >= 16384 AND (t.typtype IN ('e', 'r', 'm') OR (t.typtype = 'b' AND t.typcategory <> 'A')) LIMIT 10000`;

/** The named types alone. */
export function typesByOidQuery(oids: readonly number[]): string {
  return `SELECT ${typeColumns} FROM pg_catalog.pg_type t WHERE t.oid IN (${oids.join(', ')})`;
}

/** Reads a row of either query. */
export function userTypeFromRow(row: readonly (string | null)[]): UserType {
  const [oid, name, category, array] = row;
  return { oid: Number(oid), name: name ?? '', family: familyOfCategory[category ?? ''] ?? 'other', array: Number(array) };
}

/** Object ids of the types that a parameter can be given; the same in every version. Source: pg_type.dat. */
const parameterTypes: Readonly<Record<string, number>> = {
  text: 25, integer: 23, bigint: 20, numeric: 1700, boolean: 16, date: 1082, timestamp: 1114, timestamptz: 1184, uuid: 2950, json: 114, jsonb: 3802, 'text[]': 1009,
};

/** The ids for Parse; 0 leaves the type to the server. */
export function parameterOids(types: readonly (string | null)[] = []): number[] {
  return types.map((type) => (type === null ? 0 : (parameterTypes[type] ?? 0)));
}
