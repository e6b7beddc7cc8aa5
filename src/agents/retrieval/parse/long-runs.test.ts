import { expect, test } from "vitest";
import { chunkDocument } from "../chunk/chunk-document.ts";
import { extractDocument } from "./extract-document.ts";

/** Long enough that whatever takes the square of a run's length does not end in the time of a test. */
const length = 400_000;

test.each([
  ["spaces", "a.md", " ", "x"],
  ["spaces behind a heading", "b.md", "# x\n".padEnd(4), " x"],
  ["spaces in a plain text", "c.txt", " ", "***"],
  ["blank lines", "d.md", "\n", "x"],
  ["letters", "e.txt", "a", "\u00e9"],
  ["brackets", "f.ts", "[", "\nfunction a() {\n}\n"],
  ["an attribute", "g.cs", "[aaaa", "\nclass A {\n}\n"],
  ["backticks", "h.md", "`", "x"],
  ["quotes", "i.csv", '"', "\nx"],
  ["beginnings of keys", "j.txt", "-----BEGIN PRIVATE KEY-----\n", "x"],
  ["beginnings of tokens", "k.txt", "eyJ-", "x"],
  ["names of passwords", "l.py", "password", "x"],
  ["headings", "m.md", "# a\n", "x"],
  ["methods", "n.ts", "  a() {\n", "x"],
  ["comments", "o", "<!-- -->", "x"],
  ["pictures", "p.ipynb", "![", "x"],
  ["pictures written into a text", "r.ipynb", "![](data:", "x"],
  ["angle brackets", "s.html", "<", "</pre>x"],
  ["lines of a page", "q.html", "\n", "</pre>x"],
])("%s are read in a time that grows with their length", async (_, name, unit, tail) => {
  const run = unit.repeat(length / unit.length);
  const bytes = Buffer.from(`x ${run}${tail}`, tail === "\u00e9" ? "latin1" : "utf8");
  const wrapped = name.endsWith(".ipynb")
    ? Buffer.from(JSON.stringify({ cells: [{ cell_type: "markdown", source: `x ${run}${tail}` }] }))
    : name.endsWith(".html")
      ? Buffer.from(`<html><body><pre>x${run}${tail}`)
      : bytes;
  const parsed = await extractDocument(name, wrapped);
  const chunks = parsed.type === "parsed" ? chunkDocument(parsed.document) : [];
  expect(chunks.length).toBeGreaterThan(0);
});
