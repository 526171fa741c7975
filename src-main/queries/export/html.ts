import type { BufferedOutput } from './outputBuffer';
import { cellText, type ExportColumn, type RowEncoder } from './rowEncoder';

const style = `:root{color-scheme:light dark}
body{margin:1.5rem;font:13px/1.4 system-ui,sans-serif;background:Canvas;color:CanvasText}
table{border-collapse:collapse}
th,td{padding:3px 10px;border:1px solid #8885;text-align:left;vertical-align:top;white-space:pre-wrap;max-width:60ch;overflow-wrap:anywhere}
th{position:sticky;top:0;background:color-mix(in srgb,CanvasText 8%,Canvas)}
th small{display:block;font-weight:normal;opacity:.75}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
i{opacity:.75}`;

/** One page with a table: opens offline, has no script, follows the reader's light or dark theme. */
export function htmlEncoder(columns: readonly ExportColumn[], output: BufferedOutput, title: string): RowEncoder {
  const mark = (column: ExportColumn): string => (column.family === 'number' ? ' class="n"' : '');
  const starts = columns.map((column) => `<td${mark(column)}>`);
  let rows = 0;
  return {
    begin() {
      output.text(`<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n`);
      output.text(`<title>${escaped(title)}</title>\n<style>\n${style}\n</style>\n</head>\n<body>\n<table>\n<thead>\n<tr>`);
      for (const column of columns) output.text(`<th scope="col"${mark(column)}>${escaped(column.name)}<small>${escaped(column.type)}</small></th>`);
      output.text('</tr>\n</thead>\n<tbody>\n');
    },
    row(cells) {
      output.text('<tr>');
      columns.forEach(({ index }, position) => {
        const text = cellText(cells, index);
        output.text(starts[position] ?? '<td>');
        output.text(text === null ? '<i>NULL</i>' : escaped(text));
        output.text('</td>');
      });
      output.text('</tr>\n');
      rows += 1;
    },
    end: () => output.text(`</tbody>\n</table>\n<p>${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}</p>\n</body>\n</html>\n`),
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\r', '&#13;');
}
