import type { TextBlock } from "../../../src/agents/protocol/session-state.ts";
import type { Strings } from "../strings/en.ts";
import { groupCitations } from "./group-citations.ts";
import { placeWords } from "./place-words.ts";

type Cited = Pick<TextBlock, "text" | "citations" | "doubts">;

/** An answer as it is copied: its marks with a list of what they mean, in Markdown. */
export function answerMarkdown({ text, citations, doubts }: Cited, strings: Strings): string {
  const known = new Set(doubts.map(({ number }) => number));
  const said = withMarks(text, ({ isDoubt, number, space }) =>
    isDoubt && known.has(number) ? `${space || " "}(${strings.unsupported})` : null,
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
  return withMarks(text, ({ isDoubt, number }) => ((isDoubt ? doubted : cited).has(number) ? "" : null));
}

interface FoundMark {
  readonly isDoubt: boolean;
  readonly number: number;
  /** Before it; at most one. */
  readonly space: string;
}

/** Code first, which is left as it is; then a mark. */
const codeOrMark = /```[\s\S]*?(?:```|$)|`[^`\n]*`|(?<space> ?)\[(?<asks>\??)(?<digits>\d{1,5})\]/gu;

/** The text with something else in the place of marks; `null` leaves one as it is. */
function withMarks(text: string, replace: (mark: FoundMark) => string | null): string {
  let done = "";
  let at = 0;
  for (const found of text.matchAll(codeOrMark)) {
    const { space = "", asks = "", digits } = found.groups ?? {};
    const instead = digits === undefined ? null : replace({ isDoubt: asks === "?", number: Number(digits), space });
    done += text.slice(at, found.index) + (instead ?? found[0]);
    at = found.index + found[0].length;
  }

  return done + text.slice(at);
}

/** Text of a file on one line, with what Markdown would read taken back. */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/gu, " ")
    .trim()
    .replaceAll(/[\\`*[\]<>|]/gu, "\\$&");
}
