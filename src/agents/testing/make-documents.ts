import { strToU8, zipSync } from "fflate";

const header = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const relationNamespace = "http://schemas.openxmlformats.org/package/2006/relationships";
const officeRelation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const officeType = "application/vnd.openxmlformats-officedocument";

/** An archive with these members, in their order. */
export function makeArchive(members: Readonly<Record<string, string | Uint8Array>>): Buffer {
  const parts: Record<string, Uint8Array> = {};
  for (const [name, data] of Object.entries(members)) {
    parts[name] = typeof data === "string" ? strToU8(data) : data;
  }
  return Buffer.from(zipSync(parts));
}

/** Relations of a part of an Office document. */
function relations(...entries: readonly (readonly [id: string, kind: string, target: string])[]): string {
  const items = entries.map(
    ([id, kind, target]) => `<Relationship Id="${id}" Type="${officeRelation}/${kind}" Target="${target}"/>`,
  );
  return `${header}<Relationships xmlns="${relationNamespace}">${items.join("")}</Relationships>`;
}

function contentTypes(...overrides: readonly (readonly [part: string, type: string])[]): string {
  const items = overrides.map(
    ([part, type]) => `<Override PartName="/${part}" ContentType="${officeType}.${type}+xml"/>`,
  );
  return `${header}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${items.join("")}</Types>`;
}

/** A paragraph of a Word document. @param style such as `Heading1` */
export function docxParagraph(text: string, style = ""): string {
  const properties = style === "" ? "" : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`;
  return `<w:p>${properties}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
}

function docxCells(row: readonly string[]): string {
  return row.map((cell) => `<w:tc>${docxParagraph(cell)}</w:tc>`).join("");
}

/** A table of a Word document. */
export function docxTable(rows: readonly (readonly string[])[]): string {
  return `<w:tbl>${rows.map((row) => `<w:tr>${docxCells(row)}</w:tr>`).join("")}</w:tbl>`;
}

/** A Word document. @param body paragraphs and tables, as XML */
export function makeDocx(body: string): Buffer {
  const styles = [1, 2].map(
    (level) => `<w:style w:type="paragraph" w:styleId="Heading${level}"><w:name w:val="heading ${level}"/></w:style>`,
  );
  const word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
  return makeArchive({
    "[Content_Types].xml": contentTypes(
      ["word/document.xml", "wordprocessingml.document.main"],
      ["word/styles.xml", "wordprocessingml.styles"],
    ),
    "_rels/.rels": relations(["rId1", "officeDocument", "word/document.xml"]),
    "word/_rels/document.xml.rels": relations(["rId1", "styles", "styles.xml"]),
    "word/styles.xml": `${header}<w:styles ${word}>${styles.join("")}</w:styles>`,
    "word/document.xml": `${header}<w:document ${word}><w:body>${body}</w:body></w:document>`,
  });
}

/** A slide: its title, its lines, and what its speaker noted. */
export interface MadeSlide {
  readonly title: string;
  readonly lines: readonly string[];
  readonly notes?: string;
}

const drawing =
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"';

function shape(type: string, lines: readonly string[]): string {
  const paragraphs = lines.map((line) => `<a:p><a:r><a:t>${line}</a:t></a:r></a:p>`).join("");
  return `<p:sp><p:nvSpPr><p:nvPr><p:ph type="${type}"/></p:nvPr></p:nvSpPr><p:txBody>${paragraphs}</p:txBody></p:sp>`;
}

function tree(root: string, shapes: string): string {
  return `${header}<p:${root} ${drawing}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:${root}>`;
}

/** A presentation whose files are numbered the other way round than its slides are shown. */
export function makePptx(slides: readonly MadeSlide[]): Buffer {
  const nameOf = (index: number): string => `slide${slides.length - index}.xml`;
  const ids = slides.map((_, index) => `<p:sldId id="${256 + index}" r:id="rId${index + 1}"/>`).join("");
  const parts = slides.flatMap(({ title, lines, notes }, index) => {
    const body = shape("title", [title]) + shape("body", lines) + shape("sldNum", [String(index + 1)]);
    const noted: readonly (readonly [string, string])[] =
      notes === undefined
        ? []
        : [
            [
              `ppt/slides/_rels/${nameOf(index)}.rels`,
              relations(["rId1", "notesSlide", `../notesSlides/notes${index}.xml`]),
            ],
            [`ppt/notesSlides/notes${index}.xml`, tree("notes", shape("body", [notes]))],
          ];
    return [[`ppt/slides/${nameOf(index)}`, tree("sld", body)] as const, ...noted];
  });
  return makeArchive({
    "[Content_Types].xml": contentTypes(),
    "ppt/presentation.xml": `${header}<p:presentation ${drawing} xmlns:r="${officeRelation}"><p:sldIdLst>${ids}</p:sldIdLst></p:presentation>`,
    "ppt/_rels/presentation.xml.rels": relations(
      ...slides.map((_, index) => [`rId${index + 1}`, "slide", `slides/${nameOf(index)}`] as const),
    ),
    ...Object.fromEntries(parts),
  });
}

/** A book. @param chapters the bodies of their pages, with the titles that the table of contents gives them */
export function makeEpub(chapters: readonly { readonly title: string; readonly body: string }[]): Buffer {
  const items = chapters.map(
    (_, index) => `<item id="c${index}" href="text/c%20${index}.xhtml" media-type="application/xhtml+xml"/>`,
  );
  const links = chapters.map(({ title }, index) => `<li><a href="text/c%20${index}.xhtml#start">${title}</a></li>`);
  const pages = chapters.map(({ body }, index) => [
    `OEBPS/text/c ${index}.xhtml`,
    `${header}<html xmlns="http://www.w3.org/1999/xhtml"><head><title>unused</title></head><body>${body}</body></html>`,
  ]);
  return makeArchive({
    mimetype: "application/epub+zip",
    "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
    "OEBPS/book.opf": `<package><manifest><item id="nav" href="nav.xhtml" properties="nav"/>${items.join("")}</manifest><spine><itemref idref="nav"/>${chapters.map((_, index) => `<itemref idref="c${index}"/>`).join("")}</spine></package>`,
    "OEBPS/nav.xhtml": `<html><body><nav><ol>${links.join("")}</ol></nav></body></html>`,
    ...Object.fromEntries(pages),
  });
}

function sheetCell(value: string | number): string {
  return typeof value === "number"
    ? `<c><v>${value}</v></c>`
    : value === ""
      ? "<c/>"
      : `<c t="inlineStr"><is><t>${value}</t></is></c>`;
}

/** A workbook of sheets that hold texts and numbers. */
export function makeXlsx(sheets: Readonly<Record<string, readonly (readonly (string | number)[])[]>>): Buffer {
  const names = Object.keys(sheets);
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const pages = Object.values(sheets).map((rows, index) => [
    `xl/worksheets/sheet${index + 1}.xml`,
    `${header}<worksheet xmlns="${main}"><sheetData>${rows.map((row, at) => `<row r="${at + 1}">${row.map(sheetCell).join("")}</row>`).join("")}</sheetData></worksheet>`,
  ]);
  return makeArchive({
    "[Content_Types].xml": contentTypes(
      ["xl/workbook.xml", "spreadsheetml.sheet.main"],
      ...names.map((_, index) => [`xl/worksheets/sheet${index + 1}.xml`, "spreadsheetml.worksheet"] as const),
    ),
    "_rels/.rels": relations(["rId1", "officeDocument", "xl/workbook.xml"]),
    "xl/workbook.xml": `${header}<workbook xmlns="${main}" xmlns:r="${officeRelation}"><sheets>${names.map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations(
      ...names.map((_, index) => [`rId${index + 1}`, "worksheet", `worksheets/sheet${index + 1}.xml`] as const),
    ),
    ...Object.fromEntries(pages),
  });
}
