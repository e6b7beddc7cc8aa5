import type { TextLayout } from "../parse/parsed-document.ts";
import type { LineBreaks } from "./break-strength.ts";
import { codeBreaks } from "./code-breaks.ts";
import { jsonBreaks, plainBreaks, tableBreaks } from "./flat-breaks.ts";
import { markdownBreaks, restructuredBreaks } from "./heading-breaks.ts";
import type { TextLines } from "./text-lines.ts";

const finders: { readonly [layout in TextLayout]: (lines: TextLines) => LineBreaks } = {
  plain: plainBreaks,
  markdown: markdownBreaks,
  restructured: restructuredBreaks,
  code: codeBreaks,
  table: tableBreaks,
  json: jsonBreaks,
};

/** Finds out where a text may be cut. */
export function lineBreaks(lines: TextLines, layout: TextLayout): LineBreaks {
  return finders[layout](lines);
}
