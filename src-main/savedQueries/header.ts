/** What a saved query says of itself in the comment lines that it begins with. */
export interface Header {
  readonly connection: string | null;
  readonly description: string;
}

const LINE = /^--\s*(connection|description):[ \t]*(.*)$/i;

/** Reads `-- connection: NAME` and `-- description: TEXT` from the leading comment lines. */
export function readHeader(text: string): Header {
  let header: Header = { connection: null, description: '' };
  for (const line of text.split('\n')) {
    if (!line.startsWith('--')) break;
    const [, field, value = ''] = LINE.exec(line) ?? [];
    if (field?.toLowerCase() === 'connection') header = { ...header, connection: value.trim() || null };
    if (field?.toLowerCase() === 'description') header = { ...header, description: value.trim() };
  }
  return header;
}

/** The text with these lines in front, in place of those that it had; other leading comments stay. */
export function withHeader(text: string, { connection, description }: Header): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('--'));
  const leading = lines.slice(0, end < 0 ? lines.length : end).filter((line) => !LINE.test(line));
  const oneLine = (value: string): string => value.replace(/[\r\n]+/g, ' ').trim();
  const header = [...(connection === null ? [] : [`-- connection: ${oneLine(connection)}`]), ...(description.trim() === '' ? [] : [`-- description: ${oneLine(description)}`])];
  return [...header, ...leading, ...(end < 0 ? [] : lines.slice(end))].join('\n');
}
