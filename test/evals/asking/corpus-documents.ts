import { cpSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import * as z from "zod/mini";
import { makePdf } from "../../../src/agents/testing/make-pdf.ts";

/** What is known of a document without the product: its whole text, or the text of each page or cell. */
export type CorpusDocument =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "pages"; readonly pages: readonly string[] };

const manualName = "buoy-manual.pdf";
/** Pages of the manual, by lines. */
const manualPages: readonly (readonly string[])[] = [
  [
    "Operating manual of the buoy TB-9",
    "Tarnfeld Instruments, third edition",
    "The buoy TB-9 measures wind, waves and temperature for up to 14 months",
    "on one set of batteries. Read the whole manual before it goes to sea.",
  ],
  [
    "Mooring",
    "The mooring chain must be two and a half times as long as the water is deep.",
    "Use shackles of 16 mm and secure each with a cable tie of steel.",
    "The anchor weighs at least 450 kilograms on sand and 600 on mud.",
  ],
  [
    "Starting",
    "Press the green button for 5 seconds. The lamp blinks three times when the",
    "self-test was passed. Two blinks stand for a low battery, and one long",
    "blink stands for a sensor that does not answer.",
  ],
  [
    "Storage",
    "Store the buoy dry at 5 to 25 degrees and charge it every 4 months.",
    "Never store it with a battery below 11.8 volts.",
  ],
];

const gb18030 = new Set(["质保条款.txt"]);
const notebookSchema = z.object({
  cells: z.array(
    z.object({
      source: z.array(z.string()),
      outputs: z.optional(z.array(z.object({ text: z.optional(z.array(z.string())) }))),
    }),
  ),
});

/** Lays the corpus out in a folder, with the document that is made. @returns Its documents, by path with `/`. */
export function layOutDocuments(folder: string): ReadonlyMap<string, CorpusDocument> {
  cpSync(join(import.meta.dirname, "corpus"), folder, { recursive: true });
  const made = manualPages.map((lines) => lines.map((text, line) => ({ x: 60, y: 720 - line * 18, text })));
  writeFileSync(join(folder, manualName), makePdf(made));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      const shown = path
        .slice(folder.length + 1)
        .split(sep)
        .join("/");
      return [shown, readDocument(path, name)];
    }),
  );
}

function readDocument(path: string, name: string): CorpusDocument {
  if (name === manualName) {
    return { kind: "pages", pages: manualPages.map((lines) => lines.join("\n")) };
  }

  if (name.endsWith(".ipynb")) {
    const { cells } = notebookSchema.parse(JSON.parse(readFileSync(path, "utf8")));
    const pages = cells.map(({ source, outputs = [] }) =>
      [source.join(""), ...outputs.map(({ text = [] }) => text.join(""))].join("\n"),
    );
    return { kind: "pages", pages };
  }

  const decoder = new TextDecoder(gb18030.has(name) ? "gb18030" : "utf-8", { fatal: true });
  return { kind: "text", text: decoder.decode(readFileSync(path)) };
}
