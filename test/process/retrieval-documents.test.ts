import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { docxParagraph, makeDocx, makeEpub, makePptx, makeXlsx } from "../../src/agents/testing/make-documents.ts";
import { makePdf } from "../../src/agents/testing/make-pdf.ts";
import { runCommandLine } from "./command-line.ts";

const passageSchema = z.object({
  path: z.string(),
  page: z.nullable(z.number()),
  startLine: z.number(),
  endLine: z.number(),
  text: z.string(),
});
const lineSchema = z.object({ results: z.array(passageSchema) });
const reportSchema = z.object({ leftOut: z.array(z.object({ path: z.string(), reason: z.string() })) });

let folder = "";
let files = "";
let index = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-documents-"));
  files = join(folder, "files");
  index = join(folder, "index");
  mkdirSync(files);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, bytes: Buffer | string): void => writeFileSync(join(files, name), bytes);

async function search(...queries: readonly string[]): Promise<readonly z.infer<typeof passageSchema>[]> {
  const list = join(folder, "queries.jsonl");
  writeFileSync(list, queries.map((text, id) => `${JSON.stringify({ _id: id, text })}\n`).join(""));
  const { code, out, err } = await runCommandLine(["search", files, "--queries", list, "--top", "1", "--index", index]);
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  const lines = out.trim().split("\n");
  return lines.flatMap((line) => lineSchema.parse(JSON.parse(line)).results);
}

const line = (text: string): { readonly x: number; readonly y: number; readonly text: string } => ({
  x: 72,
  y: 600,
  text,
});

test("the packed program reads documents of every kind and says where in them a passage is", async () => {
  write("contract.pdf", makePdf([[line("The parties met in Lisbon.")], [line("违约金为合同总额的百分之五。")]]));
  write("terms.docx", makeDocx(docxParagraph("Delivery", "Heading1") + docxParagraph("Walrus ivory is excluded.")));
  write(
    "talk.pptx",
    makePptx([
      { title: "One", lines: ["opening"] },
      { title: "Two", lines: ["zeppelin"], notes: "n" },
    ]),
  );
  write(
    "book.epub",
    makeEpub([
      { title: "A", body: "<p>x</p>" },
      { title: "B", body: "<p>a lighthouse keeper</p>" },
    ]),
  );
  write(
    "stock.xlsx",
    makeXlsx({
      Store: [
        ["Item", "Count"],
        ["bolts", 12],
        ["gaskets", 7],
      ],
    }),
  );
  write("page.html", "<html><body><h1>Rules</h1><p>No trombones after ten.</p></body></html>");
  const cells = [
    { cell_type: "markdown", source: "start" },
    { cell_type: "code", source: "harpsichord = 1", outputs: [] },
  ];
  write("work.ipynb", JSON.stringify({ nbformat: 4, cells }));
  const found = await search("违约金", "walrus", "zeppelin", "lighthouse", "gaskets", "trombones", "harpsichord");
  expect(found).toMatchObject([
    { path: "contract.pdf", page: 2, text: "违约金为合同总额的百分之五。" },
    { path: "terms.docx", page: null, startLine: 1, endLine: 3 },
    { path: "talk.pptx", page: 2 },
    { path: "book.epub", page: 2, text: "a lighthouse keeper" },
    {
      path: "stock.xlsx",
      page: null,
      startLine: 2,
      endLine: 3,
      text: "Item: bolts | Count: 12\nItem: gaskets | Count: 7",
    },
    { path: "page.html", page: null },
    { path: "work.ipynb", page: 2, text: "harpsichord = 1" },
  ]);
});

test("documents that cannot be read are named with their reason, and the others are read", async () => {
  write("locked.pdf", makePdf([[line("secret plan")]], { password: "x" }));
  write("scan.pdf", makePdf([[]], { picture: true }));
  write("torn.docx", makeDocx(docxParagraph("x")).subarray(0, 400));
  write("old.doc", Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(600)]));
  write("good.pdf", makePdf([[line("a readable walrus")]]));
  const { out } = await runCommandLine(["index", files, "--json", "--index", index]);
  const { leftOut } = reportSchema.parse(JSON.parse(out));
  expect(Object.fromEntries(leftOut.map(({ path, reason }) => [path, reason]))).toEqual({
    "locked.pdf": "password",
    "old.doc": "unsupported",
    "scan.pdf": "scanned",
    "torn.docx": "broken",
  });
  expect(await search("walrus")).toMatchObject([{ path: "good.pdf", page: 1 }]);
});
