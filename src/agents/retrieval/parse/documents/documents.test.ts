import { expect, test } from "vitest";
import {
  docxParagraph,
  docxTable,
  makeArchive,
  makeDocx,
  makeEpub,
  makePptx,
  makeXlsx,
} from "../../../testing/make-documents.ts";
import { extractDocument } from "../extract-document.ts";
import type { ParsedDocument, ParsedFile } from "../parsed-document.ts";
import { readDocx } from "./read-docx.ts";
import { readEpub } from "./read-epub.ts";
import { readHtml } from "./read-html.ts";
import { readNotebook } from "./read-notebook.ts";
import { readOdt } from "./read-odt.ts";
import { readPptx } from "./read-pptx.ts";
import { readWorkbook } from "./read-workbook.ts";

async function documentOf(parsing: Promise<ParsedFile>): Promise<ParsedDocument> {
  const parsed = await parsing;
  if (parsed.type !== "parsed") {
    throw new Error(parsed.reason);
  }
  return parsed.document;
}

/** Parts by their number or title, with their text. */
function partsOf({ text, parts }: ParsedDocument): readonly (readonly [number | string | null, string])[] {
  return parts.map(({ start, page, title }, index) => [
    title ?? page,
    text.slice(start, parts[index + 1]?.start).trim(),
  ]);
}

test("a Word document has headings, paragraphs, and tables by row", async () => {
  const body =
    docxParagraph("Terms", "Heading1") +
    docxParagraph("Payment", "Heading2") +
    docxParagraph("Within 30 days.") +
    docxTable([
      ["Item", "Price"],
      ["Bolt", "2"],
    ]);
  const document = await documentOf(readDocx(makeDocx(body)));
  expect(document.text).toBe("Terms\n\nPayment\n\nWithin 30 days.\n\nItem | Price\nBolt | 2\n");
  expect(document.headings).toEqual([
    { start: 0, level: 1, title: "Terms" },
    { start: 7, level: 2, title: "Payment" },
  ]);
});

test("slides come in the order in which they are shown, with notes, without their numbers", async () => {
  const slides = [
    { title: "Plan", lines: ["First", "Second"], notes: "Speak slowly." },
    { title: "Budget", lines: ["12 million"] },
  ];
  expect(partsOf(await documentOf(readPptx(makePptx(slides))))).toEqual([
    [1, "Plan\n\nFirst\nSecond\n\nSpeak slowly."],
    [2, "Budget\n\n12 million"],
  ]);
});

test("chapters of a book come in reading order, under their titles", async () => {
  const book = makeEpub([
    { title: "The Sea", body: "<h1>I</h1><p>It was calm.</p><ul><li><p>one</p></li><li>two</li></ul>" },
    { title: "The Land", body: "<p>It was&nbsp;dry &#8212; and <i>red</i>.</p>" },
    { title: "Cover", body: '<img src="cover.png"/>' },
  ]);
  expect(partsOf(await documentOf(readEpub(book)))).toEqual([
    ["The Sea", "I\n\nIt was calm.\n\n- one\n- two"],
    ["The Land", "It was dry — and red."],
  ]);
});

test("cells of a notebook are numbered from one, empty ones too, with what they put out as text", async () => {
  const cells = [
    { cell_type: "markdown", source: ["# Sales\n", "By **month**.\n", "```\n", "# no heading\n", "```"] },
    { cell_type: "code", source: "", outputs: [] },
    {
      cell_type: "code",
      source: "total = 3\ntotal",
      outputs: [
        { output_type: "stream", text: ["10%\r", "100%\n"] },
        { output_type: "execute_result", data: { "text/plain": ["3"], "image/png": "iVBO" } },
        { output_type: "display_data", data: { "text/plain": "<Figure size 640x480 with 1 Axes>" } },
        { output_type: "error", ename: "KeyError", evalue: "'x'", traceback: ["\u001b[31mKeyError\u001b[0m: 'x'"] },
      ],
    },
  ];
  const document = await documentOf(readNotebook(Buffer.from(JSON.stringify({ nbformat: 4, cells }))));
  expect(partsOf(document)).toEqual([
    [1, "Sales\n\nBy **month**.\n```\n# no heading\n```"],
    [3, "total = 3\ntotal\n\n100%\n\n3\n\nKeyError: 'x'"],
  ]);
  expect(document.headings).toEqual([{ start: 0, level: 1, title: "Sales" }]);
});

test("notebooks of the third format are read", async () => {
  const cells = [
    { cell_type: "heading", level: 2, source: "Old" },
    { cell_type: "code", input: "1 + 1", outputs: [{ output_type: "pyout", text: ["2"] }] },
  ];
  const notebook = { nbformat: 3, worksheets: [{ cells }] };
  expect((await documentOf(readNotebook(Buffer.from(JSON.stringify(notebook))))).text).toBe("Old\n\n1 + 1\n\n2\n");
});

test("a long output is shown by its beginning", async () => {
  const cells = [{ cell_type: "code", source: "x", outputs: [{ output_type: "stream", text: "y".repeat(50_000) }] }];
  const { text } = await documentOf(readNotebook(Buffer.from(JSON.stringify({ cells }))));
  expect(text).toMatch(/^x\n\ny{2000}…\n$/);
});

test("a page is read without its scripts and what is hidden, tables by row, in the encoding that it names", async () => {
  const html = `<html><head><meta charset="gbk"><title>价格 表</title><style>p{}</style></head><body>
    <nav hidden>menu</nav><h1>价格</h1><script>let a = "<p>no</p>";</script>
    <p>每件<br>十元 &amp; 更多</p><pre>  a\n    b</pre>
    <table><thead><tr><th>名称<th>价格<tbody><tr><td>螺丝<td>2</table><ol><li>一<ol><li>二</ol></ol></body>`;
  const bytes = Buffer.concat(
    Array.from(html, (character) => Buffer.from(gbk[character] ?? [character.charCodeAt(0)])),
  );
  const document = await documentOf(readHtml(bytes));
  expect(document.text).toBe("价格\n\n每件\n十元 & 更多\n\n  a\n    b\n\n名称 | 价格\n螺丝 | 2\n\n1. 一\n  1. 二\n");
  expect(document.parts).toEqual([{ start: 0, page: null, title: "价格 表" }]);
});

const gbk: Readonly<Record<string, readonly number[]>> = {
  价: [0xbc, 0xdb],
  格: [0xb8, 0xf1],
  表: [0xb1, 0xed],
  每: [0xc3, 0xbf],
  件: [0xbc, 0xfe],
  十: [0xca, 0xae],
  元: [0xd4, 0xaa],
  更: [0xb8, 0xfc],
  多: [0xb6, 0xe0],
  名: [0xc3, 0xfb],
  称: [0xb3, 0xc6],
  螺: [0xc2, 0xdd],
  丝: [0xcb, 0xbf],
  一: [0xd2, 0xbb],
  二: [0xb6, 0xfe],
};

test("menus are left out where a page says where its text is", async () => {
  const menu = "<nav><ul><li>Docs</li></ul></nav>";
  expect((await documentOf(readHtml(Buffer.from(`${menu}<main>Text</main>`)))).text).toBe("Text\n");
  expect((await documentOf(readHtml(Buffer.from(`${menu}<p>Text</p>`)))).text).toBe("- Docs\n\nText\n");
});

test("a table that lays out a page leaves its paragraphs apart", async () => {
  const long = "A paragraph of some length. ".repeat(20).trim();
  const html = `<table><tr><td>menu</td><td><p>${long}</p><p>Second.</p></td></tr></table>`;
  expect((await documentOf(readHtml(Buffer.from(html)))).text).toBe(`menu\n\n${long}\nSecond.\n`);
});

test("rows of a sheet say the names of their columns and keep the numbers of the sheet", async () => {
  const book = makeXlsx({
    People: [["Staff of 2024"], [], ["Name", "Born"], ["Ada", 1815], ["", ""], ["Grace", 1906]],
    Notes: [["Only a remark"]],
  });
  const document = await documentOf(readWorkbook(book));
  expect(partsOf(document)).toEqual([
    ["People", "Staff of 2024\nName: Ada | Born: 1815\nName: Grace | Born: 1906"],
    ["Notes", "Only a remark"],
  ]);
  expect(document.lineNumbers).toEqual([1, 4, 6, 1]);
});

test("an OpenDocument text has headings, lists and rows, without what was deleted", async () => {
  const content = `<office:document-content><office:body><office:text>
    <text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>
    <text:h text:outline-level="2">Tools</text:h><text:p>A<text:s text:c="2"/>saw<text:line-break/>and more</text:p>
    <text:list><text:list-item><text:p>hammer</text:p></text:list-item></text:list>
    <table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>
    </office:text></office:body></office:document-content>`;
  const members = { mimetype: "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": "<m/>" };
  const document = await documentOf(readOdt(makeArchive({ ...members, "content.xml": content })));
  expect(document.text).toBe("Tools\n\nA  saw\nand more\n\n- hammer\na | b\n");
  const locked = makeArchive({ ...members, "META-INF/manifest.xml": "<m:encryption-data/>", "content.xml": "?" });
  expect(await readOdt(locked)).toEqual({ type: "skipped", reason: "password" });
});

const docx = makeDocx(docxParagraph("Inside"));
/** An archive that says so much of the size of its members. */
function claiming(sizeBytes: number, archive: Buffer): Buffer {
  const claim = Buffer.from(archive);
  const entry = Buffer.from("PK\u0001\u0002");
  for (let at = claim.indexOf(entry); at >= 0; at = claim.indexOf(entry, at + 4)) {
    claim.writeUInt32LE(sizeBytes, at + 24);
  }
  return claim;
}

const wide = (text: string): Buffer => Buffer.from(text, "utf16le");
const ole = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(504)]);

test.each([
  ["a Word document called .pdf", "a.pdf", docx, "Inside\n"],
  ["a page called .doc", "a.doc", Buffer.from("<html><body><p>Inside</p></body></html>"), "Inside\n"],
  ["a page without an extension", "page", Buffer.from("<!DOCTYPE html><p>Inside"), "Inside\n"],
  ["plain text called .docx", "a.docx", Buffer.from("Inside\n"), "Inside\n"],
])("%s is known by its content", async (_, name, bytes, text) => {
  expect((await documentOf(extractDocument(name, bytes))).text).toBe(text);
});

test.each([
  ["empty", "a.docx", makeDocx("")],
  ["broken", "a.docx", docx.subarray(0, docx.length / 2)],
  ["broken", "a.docx", makeArchive({ "word/document.xml": "<w:document" })],
  ["broken", "a.epub", makeArchive({ "other.txt": "x" })],
  ["broken", "a.ipynb", Buffer.from('{"cells": [')],
  ["broken", "a.ipynb", Buffer.from("[]")],
  ["broken", "a.pptx", Buffer.from("0001fffe8899aabb00", "hex")],
  ["binary", "a.zip", makeArchive({ "other.txt": "x" })],
  ["unsupported", "a.doc", Buffer.concat([ole, wide("WordDocument\0")])],
  ["unsupported", "a.rtf", Buffer.from("{\\rtf1 text}")],
  ["password", "a.xlsx", Buffer.concat([ole, wide("EncryptedPackage\0")])],
  ["too-large", "a.docx", claiming(300 * 1024 * 1024, docx)],
  ["broken", "a.epub", makeEpub([{ title: "Deep", body: `${"<div>".repeat(50_000)}x` }])],
  ["empty", "a.md", Buffer.alloc(0)],
])("what has no text to give is called %s (%s)", async (reason, name, bytes) => {
  expect(await extractDocument(name, bytes)).toEqual({ type: "skipped", reason });
});

test("entities that a document defines do not grow", async () => {
  const laughs = `<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>`;
  const content = `${laughs}<d><text:p>&b;!</text:p></d>`;
  const bytes = makeArchive({
    mimetype: "application/vnd.oasis.opendocument.text",
    "META-INF/manifest.xml": "<m/>",
    "content.xml": content,
  });
  expect((await documentOf(extractDocument("a.odt", bytes))).text).toBe("&b;!\n");
});

test("a Word document that unpacks to very much is too large before it is unpacked", async () => {
  const packed = makeDocx(docxParagraph(" ".repeat(40 * 1024 * 1024)));
  expect(await readDocx(packed)).toEqual({ type: "skipped", reason: "too-large" });
});
