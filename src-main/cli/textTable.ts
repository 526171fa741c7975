/** Columns that a terminal gives a character: 2 for East Asian wide ones and emoji, 0 for marks that combine. Source: UAX 11. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    if (/\p{Mark}|\u200d|[\ufe00-\ufe0f]/u.test(character)) continue;
    width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

export interface TableColumn {
  readonly title: string;
  readonly right: boolean;
}

export interface TableWriter {
  header(): string;
  row(cells: readonly (string | null)[]): string;
}

/** Widths that fit the titles and the given rows; later, longer cells push their own row out of line, and are never cut. */
export function tableWriter(columns: readonly TableColumn[], sample: readonly (readonly (string | null)[])[], color: boolean): TableWriter {
  const widths = columns.map(({ title }, index) => sample.reduce((widest, row) => Math.max(widest, displayWidth(shown(row[index] ?? null))), displayWidth(visible(title))));
  const dim = (text: string): string => (color ? `\u001b[2m${text}\u001b[22m` : text);
  const bold = (text: string): string => (color ? `\u001b[1m${text}\u001b[22m` : text);
  const pad = (text: string, index: number, right: boolean): string => {
    const gap = ' '.repeat(Math.max(0, (widths[index] ?? 0) - displayWidth(text)));
    return right ? gap + text : text + gap;
  };
  const line = (cells: readonly string[]): string => ` ${cells.join(' | ')}`.trimEnd();
  return {
    header: () => `${line(columns.map(({ title, right }, index) => bold(pad(visible(title), index, right))))}\n${dim(widths.map((width) => '-'.repeat(width + 2)).join('+'))}\n`,
    row: (cells) => {
      const texts = columns.map(({ right }, index) => {
        const cell = cells[index] ?? null;
        const padded = pad(shown(cell), index, right);
        return cell === null ? dim(padded) : padded;
      });
      return `${line(texts)}\n`;
    },
  };
}

function shown(cell: string | null): string {
  return cell === null ? 'NULL' : visible(cell);
}

/** Control characters are written as escapes: a value cannot break the table or steer the terminal. */
function visible(text: string): string {
   
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
