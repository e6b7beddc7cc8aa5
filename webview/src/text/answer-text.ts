import type { TextBlock } from "../../../src/agents/protocol/session-state.ts";
import type { Strings } from "../strings/en.ts";
import { groupCitations } from "./group-citations.ts";
import { placeWords } from "./place-words.ts";

type Cited = Pick<TextBlock, "text" | "citations" | "doubts">;

/** Code first, which is left as it is; then a mark. */
const codeOrMark = /(```[\s\S]*?(?:```|$)|`[^`\n]*`)|( ?)\[(\??)(\d{1,5})\]/gu;

/** An answer as it is copied: its marks with a list of what they mean, in Markdown. */
export function answerMarkdown({ text, citations, doubts }: Cited, strings: Strings): string {
  const known = new Set(doubts.map(({ number }) => number));
  const said = text.replaceAll(
    codeOrMark,
    (whole: string, code: unknown, space: string, asks: string, number: string) =>
      code === undefined && asks === "?" && known.has(Number(number))
        ? `${space || " "}(${strings.unsupported})`
        : whole,
  );
  if (citations.length === 0) {
    return said;
  }

  const lines = groupCitations(citations).flatMap(({ places }) =>
    places.map(({ numbers, citation }) => {
      const marks = numbers.map((number) => `[${number}]`).join("");
      return `- ${marks} ${plain(placeWords(citation, strings))}: “${plain(citation.quote)}”`;
    }),
  );
  return `${said.trimEnd()}\n\n${strings.citedSources}:\n\n${lines.join("\n")}\n`;
}

/** An answer as it is spoken: without its marks. */
export function spokenAnswer({ text, citations, doubts }: Cited): string {
  const cited = new Set(citations.map(({ number }) => number));
  const doubted = new Set(doubts.map(({ number }) => number));
  return text.replaceAll(codeOrMark, (whole: string, code: unknown, _space: string, asks: string, number: string) =>
    code === undefined && (asks === "?" ? doubted : cited).has(Number(number)) ? "" : whole,
  );
}

/** Text of a file on one line, with what Markdown would read taken back. */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/gu, " ")
    .trim()
    .replaceAll(/[\\`*[\]<>|]/gu, "\\$&");
}
