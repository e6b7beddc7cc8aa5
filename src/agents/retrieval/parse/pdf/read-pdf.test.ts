import { expect, test } from "vitest";
import { makePdf, type PdfText } from "../../../testing/make-pdf.ts";
import type { ParsedDocument } from "../parsed-document.ts";
import { readPdf } from "./read-pdf.ts";

async function read(...made: Parameters<typeof makePdf>): Promise<ParsedDocument> {
  const parsed = await readPdf(makePdf(...made));
  if (parsed.type !== "parsed") {
    throw new Error(parsed.reason);
  }
  return parsed.document;
}

/** Lines one below the other. */
const lines = (x: number, top: number, ...texts: readonly string[]): readonly PdfText[] =>
  texts.map((text, index) => ({ x, y: top - index * 12, text }));

const left = [
  "The harbour was quiet that morning and",
  "the boats lay still on dark green water,",
  "for no wind had come down from the hills",
  "since the bells had rung for the prayer.",
  "Nobody spoke of the ship that was late.",
];
const right = [
  "In the town above people opened shutters",
  "and swept the steps before their houses,",
  "as they had always done, and looked out",
  "to where the sea ended in a white line of",
  "mist, behind which anything might be seen.",
];

test("a page is one part, and its lines make paragraphs", async () => {
  const { text, parts } = await read([lines(72, 700, ...left), lines(72, 700, ...right)]);
  expect(text).toBe(`${left.join(" ")}\n\n${right.join(" ")}\n`);
  expect(parts).toEqual([
    { start: 0, page: 1, title: null },
    { start: left.join(" ").length + 2, page: 2, title: null },
  ]);
});

test.each([
  ["column by column", [...lines(60, 600, ...left), ...lines(320, 600, ...right)]],
  [
    "row by row",
    left.flatMap((text, row) => [...lines(60, 600 - row * 12, text), ...lines(320, 600 - row * 12, right[row] ?? "")]),
  ],
  ["with columns on different heights", [...lines(320, 595, ...right), ...lines(60, 600, ...left)]],
])("columns set %s are read one after the other, below what spans them", async (_, columns) => {
  const title: PdfText = { x: 150, y: 700, size: 20, text: "A morning at the harbour of the old town" };
  const { text, headings } = await read([[...columns, title]]);
  expect(text).toBe(`${title.text}\n\n${left.join(" ")}\n\n${right.join(" ")}\n`);
  expect(headings).toEqual([{ start: 0, level: 1, title: title.text }]);
});

test("a table is read row by row", async () => {
  const rows = [
    ["Country", "Capital", "Currency"],
    ["Austria", "Vienna", "Euro"],
    ["Denmark", "Copenhagen", "Krone"],
    ["Japan", "Tokyo", "Yen"],
    ["Peru", "Lima", "Sol"],
    ["Kenya", "Nairobi", "Shilling"],
  ];
  const cells = [0, 1, 2].flatMap((column) =>
    rows.map((row, index) => ({ x: 72 + column * 150, y: 600 - index * 14, text: row[column] ?? "" })),
  );
  expect((await read([cells])).text).toBe(`${rows.map((row) => row.join("   ")).join("\n")}\n`);
});

test("words broken at the end of a line are joined as the document writes them", async () => {
  const { text } = await read([
    lines(
      72,
      700,
      "Every well-known writer of that time has been quoted for infor-",
      "mation about the trade in salt, which was, as is well-",
      "known, the reason for the war, and for the peace that fol-",
      "lowed it.",
    ),
  ]);
  expect(text).toBe(
    "Every well-known writer of that time has been quoted for information about the trade in salt, which was, as is well-known, the reason for the war, and for the peace that followed it.\n",
  );
});

test("running heads are read once, page numbers never, and numbers in the text stay", async () => {
  const pages = [1, 2, 3, 4].map((page) => [
    { x: 72, y: 760, text: "Annual report of the harbour office" },
    ...lines(72, 700, `In year ${page} there came`, "42"),
    { x: 300, y: 30, text: `${page + 6}` },
  ]);
  const { text } = await read(pages);
  expect(text.match(/Annual report/g)).toHaveLength(1);
  expect(text).not.toMatch(/^(?:7|8|9|10)$/m);
  expect(text.match(/^42$/gm)).toHaveLength(4);
});

test("the table of contents says what is a heading", async () => {
  const page = [{ x: 72, y: 700, text: "2 Harvest" }, ...lines(72, 660, ...left)];
  const { headings, text } = await read([page], { outline: [["Harvest", 1]] });
  expect(headings).toEqual([{ start: text.indexOf("2 Harvest"), level: 1, title: "2 Harvest" }]);
});

test("Chinese text whose character map is not in the file is read, and joined without blanks", async () => {
  const { text } = await read([lines(72, 700, "本合同自双方签字盖章之日起生效，有效期为", "三年。")]);
  expect(text).toBe("本合同自双方签字盖章之日起生效，有效期为三年。\n");
});

test("a note along the margin is read apart", async () => {
  const { text } = await read([[...lines(72, 700, ...left), { x: 20, y: 300, text: "arXiv", turned: true }]]);
  expect(text).toBe(`${left.join(" ")}\n\narXiv\n`);
});

test.each([
  ["password", makePdf([lines(72, 700, "hidden")], { password: "open sesame" })],
  ["scanned", makePdf([[]], { picture: true })],
  ["broken", Buffer.from("%PDF-1.7\nnothing")],
  ["broken", makePdf([lines(72, 700, ...left)]).subarray(0, 300)],
])("a PDF without text to give is called %s", async (reason, bytes) => {
  expect(await readPdf(bytes)).toEqual({ type: "skipped", reason });
});

test("an empty password opens", async () => {
  expect((await read([lines(72, 700, "shown")], { password: "" })).text).toBe("shown\n");
});

test("pages that are pictures are named where they are many", async () => {
  expect((await read([lines(72, 700, "a text"), [], []])).leftOut).toBe("pages-without-text 2 3");
});
