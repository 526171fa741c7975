import type { BufferedOutput } from './outputBuffer';
import { cellText, type ExportColumn, type RowEncoder } from './rowEncoder';

/** A table of GitHub's Markdown: numbers to the right, NULL in italics, line breaks as `<br>`, all other marks escaped. */
export function markdownEncoder(columns: readonly ExportColumn[], output: BufferedOutput): RowEncoder {
  return {
    begin() {
      output.text(`| ${columns.map(({ name }) => escaped(name)).join(' | ')} |\n`);
      output.text(`|${columns.map(({ family }) => (family === 'number' ? '---:' : '---')).join('|')}|\n`);
    },
    row(cells) {
      for (const { index } of columns) {
        const text = cellText(cells, index);
        output.text('| ');
        output.text(text === null ? '_NULL_' : escaped(text));
        output.text(' ');
      }
      output.text('|\n');
    },
    end: () => undefined,
  };
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|~#$:]/g, '\\$&').replaceAll('&', '&amp;').replace(/\r\n|\r|\n/g, '<br>');
}
