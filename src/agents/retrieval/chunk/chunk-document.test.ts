import { expect, test } from "vitest";
import type { ParsedDocument, TextLayout } from "../parse/parsed-document.ts";
import { chunkDocument } from "./chunk-document.ts";

const document = (text: string, layout: TextLayout, parts: ParsedDocument["parts"] = []): ParsedDocument => {
  return { text, layout, parts, leftOut: null };
};
const sentence = (index: number): string => `Sentence number ${index} says something about subject ${index % 7}. `;
const body = (name: string): string =>
  `/** What ${name} is for. */\nexport function ${name}(value: number): number {\n${"  value += 1;\n".repeat(30)}  return value;\n}\n`;
const method = (index: number): string =>
  `    def method_${index}(self):\n${`        self.count += ${index}\n`.repeat(25)}`;
const prose = (count: number): string => Array.from({ length: count }, (_, index) => sentence(index)).join("");

test.each(["plain", "markdown", "restructured", "code", "table", "json"] as const)(
  "passages of %s stand where they say, in order, and leave out nothing but white space",
  (layout) => {
    const text = `# Title 𝄞\r\n\r\n${prose(60)}\r\n\r\n${"x".repeat(5000)}\n\t北京${"市民满意。".repeat(700)}\n\n"open, quote\n${"row,1\n".repeat(400)}`;
    const characters = Array.from(text);
    const chunks = chunkDocument(document(text, layout));
    let covered = "";
    let last = 0;
    for (const chunk of chunks) {
      expect(chunk.start).toBeGreaterThanOrEqual(last);
      expect(characters.slice(chunk.start, chunk.end).join("")).toBe(chunk.text);
      const before = characters.slice(0, chunk.start).join("");
      expect(chunk.startLine).toBe(before.split("\n").length);
      expect(chunk.endLine).toBe((before + chunk.text).split("\n").length);
      covered += chunk.text;
      last = chunk.end;
    }
    expect(covered.replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
  },
);

test("no passage is longer than a screen", () => {
  const chunks = chunkDocument(document("x".repeat(100_000) + prose(500), "plain"));
  expect(Math.max(...chunks.map(({ text }) => text.length))).toBeLessThanOrEqual(1568);
});

test("prose is cut between sentences, Chinese too", () => {
  const english = chunkDocument(document(prose(200), "plain"));
  const chinese = chunkDocument(document("今年的收入比去年增加了百分之八。".repeat(200), "plain"));
  expect(english.length).toBeGreaterThan(5);
  expect(chinese.length).toBeGreaterThan(3);
  expect([...english, ...chinese].filter(({ text }) => !/[.。]$/.test(text))).toEqual([]);
});

test("sections of Markdown begin passages and are named with the headings above", () => {
  const text = `# Guide\n\n${prose(16)}\n\n## Install\n\n${prose(16)}\n\n\`\`\`sh\n# no heading\n\`\`\`\n\nUse\n---\n\n${prose(16)}\n`;
  const places = chunkDocument(document(text, "markdown")).map(({ place, startLine }) => `${startLine} ${place}`);
  expect(places).toEqual(["1 Guide", "5 Guide > Install", "13 Guide > Use"]);
});

test("small functions stay whole, with their comments", () => {
  const names = Array.from({ length: 12 }, (_, index) => `step${index}`);
  const chunks = chunkDocument(document(names.map(body).join("\n"), "code"));
  for (const name of names) {
    const whole = chunks.filter(({ text }) => text.includes(`What ${name} is`) && text.includes(`function ${name}(`));
    expect(whole).toHaveLength(1);
  }
  expect(chunks.filter(({ text }) => !text.startsWith("/**") || !text.endsWith("}"))).toEqual([]);
});

test("the inside of a class is named after it", () => {
  const text = `class Counter:\n${Array.from({ length: 8 }, (_, index) => method(index)).join("\n")}`;
  const places = new Set(
    chunkDocument(document(text, "code"))
      .slice(1)
      .map(({ place }) => place),
  );
  expect([...places]).toEqual(["class Counter:"]);
});

test("rows stand under their header and are never cut", () => {
  const rows = Array.from({ length: 100 }, (_, index) => `${index},"two\nlines ${index}",${"x".repeat(20)}\n`).join("");
  const chunks = chunkDocument(document(`id,note,code\n${rows}`, "table"));
  expect(chunks.length).toBeGreaterThan(3);
  expect(chunks.slice(1).filter(({ place, text }) => place !== "id,note,code" || !/^\d+,"two/.test(text))).toEqual([]);
});

test("parts are not mixed, and give their page", () => {
  const parts = [
    { start: 0, page: 1, title: null },
    { start: 20, page: 2, title: "Results" },
  ];
  const chunks = chunkDocument(document("First page's words.\nSecond page's words.", "plain", parts));
  expect(chunks.map(({ page, place, text }) => [page, place, text])).toEqual([
    [1, "", "First page's words."],
    [2, "Results", "Second page's words."],
  ]);
});

test("headings told beside the text lead over pages, until a part ends them", () => {
  const text = "Part A\n\nfirst\n\nsecond\n\nthird\n";
  const at = (word: string): number => text.indexOf(word);
  const parts = [at("Part"), at("second"), at("third")].map((start, index) => ({
    start,
    page: index + 1,
    title: index === 2 ? "End" : null,
  }));
  const headings = [
    { start: 0, level: 2, title: "Part A" },
    { start: at("third"), level: 0, title: "" },
  ];
  const chunks = chunkDocument({ ...document(text, "document", parts), headings });
  expect(chunks.map(({ page, place, text: passage }) => [page, place, passage])).toEqual([
    [1, "Part A", "Part A\n\nfirst"],
    [2, "Part A", "second"],
    [3, "End", "third"],
  ]);
});

test("a part that begins with its title as a heading says it once", () => {
  const parts = [{ start: 0, page: 1, title: "Sea" }];
  const headings = [{ start: 0, level: 1, title: "Sea" }];
  const [chunk] = chunkDocument({ ...document("Sea\n\ncalm\n", "document", parts), headings });
  expect(chunk?.place).toBe("Sea");
});

test("rows of a sheet keep the numbers of the sheet", () => {
  const rows = Array.from({ length: 60 }, (_, index) => `Name: ${index} | Remark: ${"x".repeat(30)}`);
  const lineNumbers = rows.map((_, index) => 5 + index * 2);
  const chunks = chunkDocument({ ...document(rows.join("\n"), "rows"), lineNumbers });
  expect(chunks.length).toBeGreaterThan(1);
  for (const { text, startLine, endLine } of chunks) {
    const names = [...text.matchAll(/Name: (\d+)/g)].map(([, name]) => 5 + Number(name) * 2);
    expect([startLine, endLine]).toEqual([names[0], names.at(-1)]);
  }
  expect(chunks.flatMap((chunk) => chunk.lineNumbers ?? [])).toEqual(lineNumbers);
});

test("rows that follow one another need no numbers of their own", () => {
  const rows = Array.from({ length: 60 }, (_, index) => `Name: ${index} | Remark: ${"x".repeat(30)}`);
  const chunks = chunkDocument({
    ...document(rows.join("\n"), "rows"),
    lineNumbers: rows.map((_, index) => index + 3),
  });
  expect(chunks.map(({ lineNumbers }) => lineNumbers)).toEqual(chunks.map(() => undefined));
  expect(chunks[0]?.startLine).toBe(3);
});

test.each([
  ["markdown", "# Guide\n\n## Setup\n\n### Ports\n\nUse 8080.\n"],
  ["markdown", "Guide\n=====\n\nSetup\n-----\n\n### Ports\nUse 8080.\n"],
  ["restructured", "Guide\n=====\n\nSetup\n-----\n\nPorts\n~~~~~\n\nUse 8080.\n"],
] as const)("a passage of %s stands under the headings above its first text", (layout, text) => {
  expect(chunkDocument(document(text, layout)).map(({ place }) => place)).toEqual(["Guide > Setup > Ports"]);
});
