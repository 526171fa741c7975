import { type Reader, readObjects, readTexts } from '../read';

interface RoutineFacts {
  readonly kind: 'f' | 'p' | 'w' | 'a';
  readonly signature: string;
  readonly commentLiteral: string | null;
}

/** CREATE FUNCTION, PROCEDURE or AGGREGATE. */
export async function routineDdl(reader: Reader, oid: string): Promise<string> {
  const [facts] = await readObjects<RoutineFacts>(
    reader,
    `SELECT p.prokind AS kind, pg_catalog.format('%I.%I(%s)', n.nspname, p.proname,
    CASE WHEN p.prokind = 'a' AND p.pronargs = 0 THEN '*' ELSE pg_catalog.pg_get_function_identity_arguments(p.oid) END) AS signature,
  pg_catalog.quote_literal(pg_catalog.obj_description(p.oid, 'pg_proc')) AS "commentLiteral"
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = $1::oid`,
    [oid],
  );
  if (facts === undefined) return '';
  const [definition = ''] =
    facts.kind === 'a'
      ? await aggregateDefinition(reader, oid, facts)
      : await readTexts(reader, 'SELECT pg_catalog.pg_get_functiondef($1::oid)', [oid]);
  const what = facts.kind === 'a' ? 'AGGREGATE' : facts.kind === 'p' ? 'PROCEDURE' : 'FUNCTION';
  const comment = facts.commentLiteral === null ? [] : [`COMMENT ON ${what} ${facts.signature} IS ${facts.commentLiteral};`];
  return [`${definition.trimEnd()};`, ...comment].join('\n\n');
}

/** A regproc as text, NULL for none. */
const routine = (column: string): string => `nullif(a.${column}::pg_catalog.regproc::text, '-')`;
const modify = (column: string): string => `CASE a.${column} WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END`;

/** Source: CREATE AGGREGATE in the manual; the server has no function that prints one. */
async function aggregateDefinition(reader: Reader, oid: string, facts: RoutineFacts): Promise<string[]> {
  const parts: readonly [string, string][] = [
    ['SFUNC', routine('aggtransfn')],
    ['STYPE', 'pg_catalog.format_type(a.aggtranstype, NULL)'],
    ['SSPACE', 'nullif(a.aggtransspace, 0)::text'],
    ['FINALFUNC', routine('aggfinalfn')],
    ['FINALFUNC_EXTRA', "CASE WHEN a.aggfinalextra THEN '' END"],
    [
      'FINALFUNC_MODIFY',
      `CASE WHEN a.aggfinalfn <> 0 AND a.aggfinalmodify <> CASE WHEN a.aggkind = 'n' THEN 'r'
        ELSE 'w' END THEN ${modify('aggfinalmodify')} END`,
    ],
    ['COMBINEFUNC', routine('aggcombinefn')],
    ['SERIALFUNC', routine('aggserialfn')],
    ['DESERIALFUNC', routine('aggdeserialfn')],
    ['INITCOND', 'pg_catalog.quote_literal(a.agginitval)'],
    ['MSFUNC', routine('aggmtransfn')],
    ['MINVFUNC', routine('aggminvtransfn')],
    ['MSTYPE', 'CASE WHEN a.aggmtranstype <> 0 THEN pg_catalog.format_type(a.aggmtranstype, NULL) END'],
    ['MSSPACE', 'nullif(a.aggmtransspace, 0)::text'],
    ['MFINALFUNC', routine('aggmfinalfn')],
    ['MFINALFUNC_EXTRA', "CASE WHEN a.aggmfinalextra THEN '' END"],
    [
      'MFINALFUNC_MODIFY',
      `CASE WHEN a.aggmfinalfn <> 0 AND a.aggmfinalmodify <> CASE WHEN a.aggkind = 'n' THEN 'r'
        ELSE 'w' END THEN ${modify('aggmfinalmodify')} END`,
    ],
    ['MINITCOND', 'pg_catalog.quote_literal(a.aggminitval)'],
    [
      'SORTOP',
      `(SELECT pg_catalog.format('OPERATOR(%I.%s)', n.nspname, o.oprname) FROM pg_catalog.pg_operator o
        JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid = a.aggsortop)`,
    ],
    ['PARALLEL', "CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END"],
    ['HYPOTHETICAL', "CASE WHEN a.aggkind = 'h' THEN '' END"],
  ];
  const values = parts.map(([name, value]) => `('${name}', ${value})`).join(', ');
  const rows = await readObjects<{ name: string; value: string }>(
    reader,
    `SELECT v.name, v.value FROM pg_catalog.pg_aggregate a JOIN pg_catalog.pg_proc p
      ON p.oid = a.aggfnoid, LATERAL (VALUES ${values}) v(name, value)
WHERE a.aggfnoid = $1::oid AND v.value IS NOT NULL`,
    [oid],
  );
  return [
    `CREATE AGGREGATE ${facts.signature} (\n${rows
      .map(
        ({ name, value }) =>
          `  ${name}${
            value === ''
              ? ''
              : ` =
      ${value}`
          }`,
      )
      .join(',\n')}\n)`,
  ];
}
