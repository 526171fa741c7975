import { byteFlags } from './outputBuffer';
import type { SheetKind } from './xlsxValues';
import type { ZipFile } from './zipFile';

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
/** Digits behind the point that have a style of their own. */
const mostScale = 15;

/** Fixed places in the list of cell styles; the scales of numbers follow. */
const styles = ['general', 'header', 'date', 'timestamp', 'time'] as const;

/** The number of the style in which a kind of value is shown. */
export function styleOf(kind: SheetKind | 'header'): number {
  if (kind === 'header') return styles.indexOf('header');
  if (kind.kind === 'number') return kind.scale === null || kind.scale > mostScale ? 0 : styles.length + kind.scale;
  if (kind.kind === 'moment') return styles.indexOf('timestamp');
  return kind.kind === 'date' || kind.kind === 'timestamp' || kind.kind === 'time' ? styles.indexOf(kind.kind) : 0;
}

/** The name of the column at this place: A, B, ... Z, AA ... */
export function columnLetters(position: number): string {
  let letters = '';
  for (let rest = position + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters;
}

/** Bytes that XML cannot hold as they are, and those that may begin something that it cannot. */
const special = byteFlags(`&<>_\xef${Array.from({ length: 32 }, (_, code) => (code === 9 || code === 10 ? '' : String.fromCharCode(code))).join('')}`);

/**
 * Text as an `ST_Xstring`: what XML cannot hold is `_xHHHH_`, and an underscore that would be read as the beginning of one is escaped
 * in the same way. Source: ECMA-376 part 1, 22.9.2.19.
 */
function xmlText(text: string): string {
  return text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[\0-\x08\x0b-\x1f\uFFFE\uFFFF]/g, (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** Writes the XML of sheets into the archive. */
export class SheetText {
  constructor(private readonly zip: ZipFile) {}

  openSheet(number: number, widths: readonly number[], frozen: boolean): void {
    this.zip.open(`xl/worksheets/sheet${number}.xml`);
    const view = frozen ? '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' : '';
    this.zip.text(`${declaration}<worksheet xmlns="${main}">${view}<cols>`);
    widths.forEach((width, position) => this.zip.text(`<col min="${position + 1}" max="${position + 1}" width="${width}" customWidth="1"/>`));
    this.zip.text('</cols><sheetData>');
  }

  closeSheet(filter: string | null): void {
    this.zip.text(`</sheetData>${filter === null ? '' : `<autoFilter ref="${filter}"/>`}</worksheet>`);
  }

  string(place: string, text: string, style: number): void {
    this.zip.text(`<c r="${place}"${style > 0 ? ` s="${style}"` : ''} t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`);
  }

  stringBytes(place: string, bytes: Buffer, from: number, to: number): void {
    this.zip.text(`<c r="${place}" t="inlineStr"><is><t xml:space="preserve">`);
    if (!this.zip.plainBytes(bytes, from, to, special)) this.zip.text(xmlText(bytes.toString('utf8', from, to)));
    this.zip.text('</t></is></c>');
  }
}

/** The parts of the package beside its sheets. */
export function writePackage(zip: ZipFile, sheets: readonly string[], scales: readonly number[]): void {
  const part = (name: string, xml: string): void => {
    zip.open(name);
    zip.text(declaration + xml);
  };
  const list = (each: (name: string, number: number) => string): string => sheets.map((name, index) => each(name, index + 1)).join('');
  part('xl/styles.xml', stylesXml(scales));
  part('xl/workbook.xml', `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${list((name, number) => `<sheet name="${name}" sheetId="${number}" r:id="rId${number}"/>`)}</sheets></workbook>`);
  part(
    'xl/_rels/workbook.xml.rels',
    `<Relationships xmlns="${packageRelations}">${list((_name, number) => `<Relationship Id="rId${number}" Type="${relations}/worksheet" Target="worksheets/sheet${number}.xml"/>`)}<Relationship Id="rId${sheets.length + 1}" Type="${relations}/styles" Target="styles.xml"/></Relationships>`,
  );
  part('_rels/.rels', `<Relationships xmlns="${packageRelations}"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`);
  const override = (name: string, type: string): string => `<Override PartName="${name}" ContentType="${sheetType}.${type}+xml"/>`;
  part(
    '[Content_Types].xml',
    `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${override('/xl/workbook.xml', 'sheet.main')}${override('/xl/styles.xml', 'styles')}${list((_name, number) => override(`/xl/worksheets/sheet${number}.xml`, 'worksheet'))}</Types>`,
  );
}

function stylesXml(scales: readonly number[]): string {
  const most = Math.min(mostScale, Math.max(-1, ...scales));
  const numbers = Array.from({ length: most + 1 }, (_, scale) => ({ id: 170 + scale, code: scale === 0 ? '0' : `0.${'0'.repeat(scale)}` }));
  const formats = [{ id: 164, code: 'yyyy-mm-dd' }, { id: 165, code: 'yyyy-mm-dd hh:mm:ss.000' }, { id: 166, code: 'hh:mm:ss.000' }, ...numbers];
  const cell = (format: number, font = 0): string => `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0"${format > 0 ? ' applyNumberFormat="1"' : ''}${font > 0 ? ' applyFont="1"' : ''}/>`;
  const cells = [cell(0), cell(0, 1), cell(164), cell(165), cell(166), ...numbers.map(({ id }) => cell(id))];
  const font = (bold: string): string => `<font>${bold}<sz val="11"/><name val="Calibri"/></font>`;
  return `<styleSheet xmlns="${main}"><numFmts count="${formats.length}">${formats.map(({ id, code }) => `<numFmt numFmtId="${id}" formatCode="${code}"/>`).join('')}</numFmts><fonts count="2">${font('')}${font('<b/>')}</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${cells.length}">${cells.join('')}</cellXfs></styleSheet>`;
}
