import path from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { connectionProfile, type ConnectionProfile } from '../../../src-preload/contract/connections';
import { AppError } from '../../errors';
import { parseServices } from '../serviceFile';
import { parseConnectionUrl, type UrlDefaults } from '../serverUrl';
import { readDataGrip } from './datagrip';
import { readDbeaver } from './dbeaver';
import { foreignConnection, type FoundConnections } from './foreign';
import { readPgAdmin } from './pgadmin';

const own = z.object({ connections: z.array(z.unknown()) });

/** Writes profiles as a file that {@link readConnections} reads; profiles hold no secrets, so that the file holds none. */
export function writeConnections(profiles: readonly ConnectionProfile[]): string {
  const shown = profiles.map(({ id: _id, ...profile }) => profile);
  return `# Connections of AI-Shell Desktop, without secrets. Read it with "Import connections" or \`ai-shell connections import\`.\n${stringify({ connections: shown })}`;
}

/**
 * Reads connections from another tool's file, told by its content: DBeaver's data-sources.json, pgAdmin's exported servers, DataGrip's
 * dataSources.xml (with what stands in its local file beside it), libpq's pg_service.conf, and our own YAML. Rejects with `bad_input` for anything else.
 */
export function readConnections(file: string, text: string, defaults: UrlDefaults, local?: string): FoundConnections {
  const read = text.trimStart().startsWith('<') ? readDataGrip(text, local) : text.trimStart().startsWith('{') ? readJson(file, text) : (readServices(file, text, defaults) ?? readOwn(text));
  if (read) return read;
  throw new AppError('bad_input', `${path.basename(file)} is no file of connections that this version reads.`, {
    hint: 'It reads DBeaver’s data-sources.json, pgAdmin’s exported servers, DataGrip’s dataSources.xml, pg_service.conf, and its own export.',
  });
}

function readJson(file: string, text: string): FoundConnections | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AppError('bad_input', `${path.basename(file)} is not valid JSON: ${(error as Error).message}`, { hint: 'Export it anew.' });
  }
  return readPgAdmin(json) ?? readDbeaver(json);
}

function readServices(file: string, text: string, defaults: UrlDefaults): FoundConnections | null {
  if (!/^\s*\[[^\]]+\]\s*$/m.test(text)) return null;
  const found = [];
  const left = [];
  for (const [name, parameters] of parseServices(text, path.basename(file))) {
    try {
      const { target, password } = parseConnectionUrl('postgres:///?service=this', { ...defaults, environment: {}, service: () => parameters });
      const { profile } = foreignConnection({ name });
      found.push({ profile: { ...profile, target }, password, notes: [] });
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      left.push({ name, reason: thrown.message });
    }
  }
  return { tool: 'pg_service.conf', found, left };
}

function readOwn(text: string): FoundConnections | null {
  let yaml: unknown;
  try {
    yaml = parse(text);
  } catch {
    return null;
  }
  const all = own.safeParse(yaml);
  if (!all.success) return null;
  const found = [];
  const left = [];
  for (const [index, raw] of all.data.connections.entries()) {
    const one = connectionProfile.omit({ id: true }).safeParse(raw);
    if (one.success) found.push({ profile: one.data, password: null, notes: [] });
    else left.push({ name: `entry ${index + 1}`, reason: one.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') });
  }
  return { tool: 'AI-Shell', found, left };
}
