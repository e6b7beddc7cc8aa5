import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chunkDocument } from "../chunk/chunk-document.ts";
import { parseFile } from "./parse-file.ts";
import { readFileContent } from "./read-file.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-long-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const most = 20_000;
const lines = Array.from({ length: 3000 }, (_, at) => `${at + 1} Zeile über 😀 Nummer ${at + 1} des Protokolls.`);

async function read(name: string, text: string | Buffer) {
  const path = join(folder, name);
  writeFileSync(path, text);
  const content = readFileContent(path, most);
  return { content, parsed: await parseFile(name, content) };
}

test("of a long log the beginning and the end are read, and places are those of the whole file", async () => {
  const whole = lines.join("\n");
  const { content, parsed } = await read("long.log", whole);
  expect(content.bytes.length).toBeLessThanOrEqual(most);
  if (parsed.type !== "parsed") {
    throw new Error(parsed.reason);
  }
  expect(parsed.document.leftOut).toMatch(/^first-and-last-megabytes /);
  const characters = Array.from(whole);
  const chunks = chunkDocument(parsed.document);
  expect(chunks.at(0)?.startLine).toBe(1);
  expect(chunks.at(-1)?.endLine).toBe(3000);
  for (const { start, end, startLine, endLine, text } of chunks) {
    expect(characters.slice(start, end).join("")).toBe(text);
    expect(lines.slice(startLine - 1, endLine).join("\n")).toBe(text);
  }
  const found = chunks.map(({ text }) => text).join("\n");
  expect(lines.filter((line) => found.includes(line)).length).toBeGreaterThan(350);
});

test("what is appended changes what was read; keys at both ends are masked and counted together", async () => {
  const key = `token = "ghp_${"a1B2c3D4e5".repeat(4).slice(0, 36)}"`;
  const { content, parsed } = await read("keys.log", [key, ...lines, key].join("\n"));
  expect(parsed).toMatchObject({ document: { leftOut: expect.stringMatching(/^masked-keys 2; first-and-last/) } });
  const more = await read("keys.log", [key, ...lines, key, "more"].join("\n"));
  expect(more.content.bytes.equals(content.bytes)).toBe(false);
});

test.each([
  ["a table", "long.csv", lines.join("\n")],
  ["a text of one line", "long.txt", lines.join(" ")],
  ["text in another encoding", "long.log", Buffer.from(lines.join("\n").replaceAll("😀", ""), "latin1")],
])("of %s only the beginning is read", async (_, name, text) => {
  const { content, parsed } = await read(name, text);
  expect(content.gap).toBeUndefined();
  expect(parsed).toMatchObject({ document: { leftOut: expect.stringMatching(/^first-megabytes/) } });
});
