import type { SessionSource, TextBlock } from "../protocol/session-state.ts";
import type { Citation } from "../protocol/citation.ts";
import type { ExportStrings } from "./export-strings.ts";
import { plainMarkdown } from "./markdown-text.ts";

/** What the marks of an answer mean, as a list in Markdown; empty where it has none. */
export function citationLines({ citations, doubts }: TextBlock, strings: ExportStrings): string {
  const cited = citations.map(
    (citation) => `- ${plainMarkdown(`[${citation.number}] ${placeText(citation, strings)}`)}: ${quoted(citation)}`,
  );
  const doubted = doubts.map(({ number, quote }) => {
    const said = quote === "" ? "" : ` “${quote}”`;
    return `- ${plainMarkdown(`[?${number}] ${strings.unsupported}${said}`)}`;
  });
  return [...cited, ...doubted].join("\n");
}

/** The same for a comment in code. */
export function plainCitationLines(block: TextBlock, strings: ExportStrings): readonly string[] {
  return block.citations.map(
    (citation) => `[${citation.number}] ${placeText(citation, strings)}: “${oneLine(citation.quote)}”`,
  );
}

/** What was asked about, as items of a list in Markdown. */
export function sourceLines(sources: readonly SessionSource[], strings: ExportStrings): readonly string[] {
  return sources.map(({ name, lines }) => {
    const place = lines === null ? "" : ` — ${strings.lines(String(lines.first), String(lines.last))}`;
    return `- **${plainMarkdown(name)}**${place}`;
  });
}

function placeText({ name, page, startLine, endLine, place }: Citation, strings: ExportStrings): string {
  const lines = strings.lines(String(startLine), String(endLine));
  return [name, page === null ? lines : strings.page(String(page)), place].filter((part) => part !== "").join(", ");
}

function quoted({ quote }: Citation): string {
  return `“${plainMarkdown(quote)}”`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, " ").trim();
}
