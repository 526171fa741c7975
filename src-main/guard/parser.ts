import type { Node, ParseResult } from '@pgsql/types';
import createModule from 'libpg-query/wasm/libpg-query.js';
import { AppError } from '../errors';
import { byteOffsets, codePointOffset } from './offsets';

type Instance = Awaited<ReturnType<typeof createModule>>;

/** One statement as PostgreSQL's own grammar sees it; the range is in UTF-16 offsets and excludes the semicolon. */
export interface ParsedStatement {
  readonly node: Node;
  readonly from: number;
  readonly to: number;
}

export type Parsed =
  | { readonly ok: true; readonly statements: readonly ParsedStatement[] }
  /** `position` is a UTF-16 offset, null when the parser could not say. */
  | { readonly ok: false; readonly message: string; readonly position: number | null };

export interface Parser {
  /** Whatever goes wrong with the text, a crash of the parser too, is `ok: false`. Rejects with `internal` when the parser cannot be loaded. */
  parse(text: string): Promise<Parsed>;
}

/** Longer texts are not parsed: the tree would take some 30 times their size. */
export const MAX_PARSED_CHARS = 1_000_000;

/** WebAssembly memory only grows; an instance that has grown past this is thrown away after use. */
const KEEP_INSTANCE_CHARS = 200_000;

/**
 * PostgreSQL 18's grammar (libpg-query). Statements nested too deeply overflow the stack inside WebAssembly, which leaves the
 * instance's own stack pointer wrong, so after any crash the instance is replaced.
 */
export function createParser(load: () => Promise<Instance> = createModule): Parser {
  let instance: Promise<Instance> | null = null;

  const loaded = (): Promise<Instance> => {
    const loading = load().catch((thrown: unknown): never => {
      instance = null;
      throw new AppError('internal', 'The parser of SQL could not be loaded, so that no statement can be judged.', { hint: 'Install the program anew: its files may be damaged.', detail: String(thrown) }, { cause: thrown });
    });
    instance = loading;
    return loading;
  };

  return {
    async parse(text) {
      // C strings end at NUL: everything behind it would be invisible here.
      const nul = text.indexOf('\0');
      if (nul >= 0) return { ok: false, message: 'The text contains a NUL character.', position: nul };
      if (text.length > MAX_PARSED_CHARS) return { ok: false, message: `The statement is longer than ${MAX_PARSED_CHARS.toLocaleString('en')} characters.`, position: null };
      const current = await (instance ?? loaded());
      try {
        const parsed = parseWith(current, text);
        if (text.length > KEEP_INSTANCE_CHARS) instance = null;
        return parsed;
      } catch {
        instance = null;
        return { ok: false, message: 'The statement is nested too deeply to be analysed.', position: null };
      }
    },
  };
}

/** Reads the C structs PgQueryParseResult and PgQueryError; source: libpg_query's pg_query.h. */
function parseWith(wasm: Instance, text: string): Parsed {
  const bytes = wasm.lengthBytesUTF8(text) + 1;
  const query = wasm._malloc(bytes);
  if (query === 0) throw new Error('out of memory');
  wasm.stringToUTF8(text, query, bytes);
  const result = wasm._wasm_parse_query_raw(query);
  if (result === 0) throw new Error('out of memory');
  const tree = wasm.getValue(result, 'i32');
  const error = wasm.getValue(result + 8, 'i32');
  const parsed = error === 0 ? readTree(wasm.UTF8ToString(tree), text) : readError(wasm, error, text);
  wasm._wasm_free_parse_result(result);
  wasm._free(query);
  return parsed;
}

function readError(wasm: Instance, error: number, text: string): Parsed {
  const message = wasm.UTF8ToString(wasm.getValue(error, 'i32'));
  const cursor = wasm.getValue(error + 16, 'i32');
  return { ok: false, message, position: cursor > 0 ? codePointOffset(text, cursor - 1) : null };
}

function readTree(json: string, text: string): Parsed {
  const { stmts } = JSON.parse(json) as ParseResult;
  const toUtf16 = byteOffsets(text);
  const statements: ParsedStatement[] = [];
  for (const raw of stmts ?? []) {
    if (!raw.stmt) continue;
    const start = raw.stmt_location ?? 0;
    const from = toUtf16(start);
    // A length of 0 means "to the end of the text".
    statements.push({ node: raw.stmt, from, to: raw.stmt_len ? toUtf16(start + raw.stmt_len) : text.length });
  }
  return { ok: true, statements };
}
