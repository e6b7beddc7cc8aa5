import { languageCalled, languagesOf } from "../words/languages.ts";

const longestQuestion = 400;
/** Leads on to others, or says that there are none. */
const noLine = /[:：]$|^\W*NOT[ _]FOUND\b/u;

/** The lines of a reply without numbers, marks and quotation marks around them, each once; those that only lead on are left out. */
export function readLines(text: string, most: number): readonly string[] {
  const lines = text
    .replaceAll(/^\s*(?:```\w*|~~~\w*)\s*$/gmu, "")
    .split(/\r?\n/u)
    .map((line) => bare(line))
    .filter((line) => /[\p{L}\p{N}]/u.test(line) && !noLine.test(line) && line.length <= longestQuestion);
  return [...new Set(lines)].slice(0, most);
}

/** A line with the language that it is labelled with, or is plainly written in, among those that were wanted. */
export interface LanguageLine {
  readonly text: string;
  /** `null` for a line in no language that was wanted. */
  readonly language: string | null;
}

/** The lines of a reply in which some begin with the name of a language, each once. */
export function readLanguageLines(text: string, languages: readonly string[]): readonly LanguageLine[] {
  return readLines(text, Number.POSITIVE_INFINITY).map((line) => {
    const [, label = "", rest = ""] = /^[*_`]*([^:：]{2,24}?)[*_`]*\s*[:：]\s*[*_`]*\s*(.+)$/u.exec(line) ?? [];
    const labelled = languageCalled(label.replace(/\s*[（(].*$/u, ""));
    if (labelled !== null) {
      const said = rest.replaceAll(/^["'“‘`*「\s]+|["'”’`*」\s]+$/gu, "");
      return { text: said, language: languages.includes(labelled) ? labelled : null };
    }

    const [written] = languagesOf(line);
    return { text: line, language: written !== undefined && languages.includes(written) ? written : null };
  });
}

function bare(line: string): string {
  return line
    .trim()
    .replace(
      /^(?:[-*•]\s+|\(?\d{1,2}[.):、](?!\d)\s*|(?:sub-?)?(?:question|query|search|Q|问题|查询)\s*\d*\s*[:：]\s*)+/iu,
      "",
    )
    .replace(/^(["'“‘`*「]+)(.*?)(["'”’`*」]+)$/u, "$2")
    .trim();
}
