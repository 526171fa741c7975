import { builtinRefusal } from './builtinTable';
import type { BuiltinTable } from './builtinTable';
import { withOldSyntax } from './mentions';
import type { FunctionMention, Mentions } from './mentions';

/** The server's own views that the live catalog refuses. */
const FILE_VIEWS = new Set(['pg_file_settings', 'pg_hba_file_rules', 'pg_ident_file_mappings']);

/**
 * Why the mentions are not read-only by the shipped table; null when they are. Views, row policies, casts and operators of one's own
 * cannot be followed without a connection, so this is for information: the read-only lane asks the live catalog as well.
 */
export function offlineRefusal(asWritten: Mentions, table: BuiltinTable): string | null {
  const mentions = withOldSyntax(asWritten, table.version);
  for (const { schema, name } of mentions.relations) {
    if ((schema === null || schema === 'pg_catalog') && FILE_VIEWS.has(name)) return `reads ${name}, which reads files of the server`;
  }
  for (const call of mentions.functions) {
    const refusal = callRefusal(call, table);
    if (refusal !== null) return refusal;
  }
  for (const name of mentions.attributes) {
    const refusal = table.volatility(name) === null ? null : builtinRefusal(name, 1, table.volatility(name) ?? 'volatile');
    if (refusal !== null) return `may call ${name} (a name behind a dot can be a function), which ${refusal}`;
  }
  for (const { schema, name } of mentions.operators) {
    if ((schema !== null && schema !== 'pg_catalog') || !table.hasOperator(name)) return `uses the operator ${dotted(schema, name)}, which is not built in`;
  }
  return null;
}

function callRefusal({ schema, name, args }: FunctionMention, table: BuiltinTable): string | null {
  const builtin = schema === null || schema === 'pg_catalog' ? table.volatility(name) : null;
  if (builtin === null) {
    const denied = builtinRefusal(name, args?.length ?? null, 'stable');
    return `calls ${dotted(schema, name)}, which ${denied ?? 'is not a built-in function, so it may change something'}`;
  }
  const refusal = builtinRefusal(name, args?.length ?? null, builtin);
  return refusal === null ? null : `calls ${name}, which ${refusal}`;
}

export function dotted(schema: string | null, name: string): string {
  return schema === null ? name : `${schema}.${name}`;
}
