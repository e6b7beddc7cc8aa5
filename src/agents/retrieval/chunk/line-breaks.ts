import type { ParsedDocument, TextLayout } from "../parse/parsed-document.ts";
import type { LineBreaks } from "./break-strength.ts";
import { codeBreaks } from "./code-breaks.ts";
import { jsonBreaks, plainBreaks, rowBreaks, tableBreaks } from "./flat-breaks.ts";
import { documentBreaks, markdownBreaks, restructuredBreaks } from "./heading-breaks.ts";
import type { TextLines } from "./text-lines.ts";

const finders: { readonly [layout in Exclude<TextLayout, "document">]: (lines: TextLines) => LineBreaks } = {
  plain: plainBreaks,
  markdown: markdownBreaks,
  restructured: restructuredBreaks,
  code: codeBreaks,
  table: tableBreaks,
  json: jsonBreaks,
  rows: rowBreaks,
};

/** Finds out where a text may be cut. */
export function lineBreaks(lines: TextLines, { layout, headings }: ParsedDocument): LineBreaks {
  return layout === "document" ? documentBreaks(lines, headings ?? []) : finders[layout](lines);
}
