import path from 'node:path';
import { AppError } from '../../errors';
import { isDateFormat } from './excelDates';
import { SharedStrings } from './sharedStrings';
import { readXml } from './xml';
import { openZip, type ZipEntries } from './zipEntries';

/** What a sheet's cells refer to. Source: ECMA-376 part 1, SpreadsheetML. */
export interface Workbook {
  readonly zip: ZipEntries;
  readonly sheets: readonly { readonly name: string; readonly file: string }[];
  readonly from1904: boolean;
  /** By cell style: whether it shows a date or time. */
  readonly dateStyles: readonly boolean[];
  close(): void;
}

export async function openWorkbook(file: string): Promise<Workbook> {
  const zip = await openZip(file);
  try {
    const targets = new Map<string, string>();
    await readXml(await zip.open('xl/_rels/workbook.xml.rels'), {
      open(name, { Id: id, Target: target }) {
        if (name === 'Relationship' && id && target) targets.set(id, target.startsWith('/') ? target.slice(1) : path.posix.join('xl', target));
      },
    });
    const sheets: { name: string; file: string }[] = [];
    let from1904 = false;
    await readXml(await zip.open('xl/workbook.xml'), {
      open(name, attributes) {
        if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
        const target = targets.get(attributes['r:id'] ?? '');
        if (name === 'sheet' && target && zip.has(target)) sheets.push({ name: attributes['name'] ?? '', file: target });
      },
    });
    return { zip, sheets, from1904, dateStyles: await readStyles(zip), close: () => zip.close() };
  } catch (error) {
    zip.close();
    throw error;
  }
}

/** The sheet of this name, the first for null. */
export function sheetOf(workbook: Workbook, name: string | null): { name: string; file: string } {
  const sheet = name === null ? workbook.sheets[0] : workbook.sheets.find((candidate) => candidate.name === name);
  if (!sheet) throw new AppError('bad_input', name === null ? 'The workbook has no sheet.' : `The workbook has no sheet “${name}”.`, { hint: `Its sheets: ${workbook.sheets.map((candidate) => candidate.name).join(', ')}` });
  return sheet;
}

async function readStyles(zip: ZipEntries): Promise<boolean[]> {
  if (!zip.has('xl/styles.xml')) return [];
  const codes = new Map<number, string>();
  const styles: boolean[] = [];
  let inCells = false;
  await readXml(await zip.open('xl/styles.xml'), {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      if (name === 'cellXfs') inCells = true;
      if (name === 'xf' && inCells) {
        const id = Number(attributes['numFmtId'] ?? 0);
        styles.push(isDateFormat(id, codes.get(id)));
      }
    },
    close(name) {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return styles;
}

export async function readSharedStrings(zip: ZipEntries): Promise<SharedStrings> {
  const strings = new SharedStrings();
  if (!zip.has('xl/sharedStrings.xml')) return strings;
  let text = '';
  let taken = false;
  // Readings of Asian characters (rPh) are no part of the text.
  let reading = false;
  await readXml(await zip.open('xl/sharedStrings.xml'), {
    open(name) {
      if (name === 'si') text = '';
      if (name === 'rPh') reading = true;
      taken = name === 't' && !reading;
    },
    text(piece) {
      if (taken) text += piece;
    },
    close(name) {
      if (name === 'si') strings.add(unescaped(text));
      if (name === 'rPh') reading = false;
      taken = false;
    },
  });
  return strings;
}

/** `_x000D_` stands for a character that XML cannot hold. Source: ECMA-376 part 1, 22.9.2.19 ST_Xstring. */
export function unescaped(text: string): string {
  return text.includes('_x') ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_whole, code: string) => String.fromCharCode(parseInt(code, 16))) : text;
}
