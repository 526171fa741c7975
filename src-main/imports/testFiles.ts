import { crc32 } from 'node:zlib';

/** A zip of stored entries. Source: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16. */
export function storedZip(entries: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(entries)) {
    const [title, data] = [Buffer.from(name), Buffer.from(text)];
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt32LE(crc32(data), 10);
    facts.writeUInt32LE(data.length, 14);
    facts.writeUInt32LE(data.length, 18);
    facts.writeUInt16LE(title.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    parts.push(Buffer.from('PK\x03\x04'), facts, title, data);
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), facts, place, title);
    offset += 30 + title.length + data.length;
  }
  const entriesLength = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(directory.length / 4, 8);
  end.writeUInt16LE(directory.length / 4, 10);
  end.writeUInt32LE(entriesLength, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

/**
 * A workbook as spreadsheet programs write it and our writer does not: shared strings, some in runs of rich text, inline strings, formulas with
 * their cached values, dates as numbers with a style, empty cells and rows, a merged cell, a second sheet.
 */
export function foreignWorkbook(): Buffer {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const relation = (id: string, kind: string, target: string): string => `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${kind}" Target="${target}"/>`;
  const relations = (inside: string): string => `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${inside}</Relationships>`;
  const type = (kind: string): string => `application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml`;
  const shared = ['id', 'name', 'on', 'at', 'share', 'total', 'fine'].map((text) => `<si><t>${text}</t></si>`).join('');
  return storedZip({
    '[Content_Types].xml': `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${type('sheet.main')}"/></Types>`,
    '_rels/.rels': relations(relation('rId1', 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml': `${xml}<workbook xmlns="${main}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr/><sheets><sheet name="Orders &amp; more" sheetId="1" r:id="rId2"/><sheet name="Größe" sheetId="2" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(relation('rId1', 'worksheet', 'worksheets/sheet2.xml') + relation('rId2', 'worksheet', '/xl/worksheets/sheet1.xml') + relation('rId3', 'sharedStrings', 'sharedStrings.xml') + relation('rId4', 'styles', 'styles.xml')),
    'xl/styles.xml': `${xml}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="&quot;day &quot;0.00"/></numFmts><cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `${xml}<sst xmlns="${main}" count="9" uniqueCount="9">${shared}<si><r><t xml:space="preserve">rich </t></r><r><rPr><b/></rPr><t>text</t></r><rPh sb="0" eb="1"><t>reading</t></rPh></si><si><t>007</t></si></sst>`,
    'xl/worksheets/sheet1.xml': `${xml}<worksheet xmlns="${main}"><dimension ref="A1:G6"/><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c><c r="E1" t="s"><v>4</v></c><c r="F1" t="s"><v>5</v></c><c r="G1" t="s"><v>6</v></c></row>
<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="s"><v>7</v></c><c r="C2" s="1"><v>45351</v></c><c r="D2" s="2"><v>45351.75</v></c><c r="E2" s="3"><v>0.1</v></c><c r="F2"><f>A2*2.5</f><v>2.5</v></c><c r="G2" t="b"><v>1</v></c></row>
<row r="3"><c r="A3"><v>2</v></c><c r="B3" t="inlineStr"><is><t xml:space="preserve"> in &lt;line&gt;
é 😀 </t></is></c><c r="C3" s="1"><v>1</v></c><c r="D3" s="2"><v>45351.123456</v></c><c r="E3"><v>1.0000000000000001E-5</v></c><c r="F3" s="0"/><c r="G3" t="b"><v>0</v></c></row>
<row r="5"><c r="A5"><v>3</v></c><c r="B5" t="s"><v>8</v></c><c r="F5"><f>1+1</f><v>2</v></c></row>
<row r="6"><c r="A6"><v>4</v></c><c r="B6" t="str"><f>"a"&amp;"b"</f><v>ab</v></c><c r="C6"/><c r="E6"><v>12</v></c></row>
</sheetData><mergeCells count="1"><mergeCell ref="C5:D5"/></mergeCells></worksheet>`,
    'xl/worksheets/sheet2.xml': `${xml}<worksheet xmlns="${main}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>größe</t></is></c></row><row r="2"><c r="A2"><v>42</v></c></row></sheetData></worksheet>`,
  });
}
