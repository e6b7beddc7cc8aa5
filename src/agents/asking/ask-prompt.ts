import { languageRule } from "../analysis/language.ts";
import type { ModelMessage } from "../ports/chat-model.ts";
import type { ReadPassage } from "../protocol/citation.ts";
import { otherLanguages } from "./passage-languages.ts";
import { passagesText } from "./passage-text.ts";
import { listed } from "./plan-questions.ts";

/** What a model is told for one question. */
export interface AskPrompt {
  readonly instructions: string;
  readonly question: string;
  /** What the person asks about. */
  readonly about: string;
  readonly passages: readonly ReadPassage[];
  /** Headings of what could not be read whole; empty where all was. */
  readonly outline: readonly string[];
  /** Whether the passages are all there is. */
  readonly isWhole: boolean;
  /** The question is about the files as a whole. */
  readonly isOverview: boolean;
  /** Searches that the model may still ask for. */
  readonly searchesLeft: number;
  /** Of the files, by English name; empty where that is not known. */
  readonly languages: readonly string[];
  /** The passages were found with other words, after the first ones gave no answer. */
  readonly isSecondTry: boolean;
}

/** The messages that ask for an answer. What files say stands in the user's message, between fences. */
export function askMessages(prompt: AskPrompt): readonly ModelMessage[] {
  const { instructions, question, about, passages, outline, languages } = prompt;
  const inLanguages =
    otherLanguages(question, languages).length === 0 ? [] : [`The files are in ${listed(languages)}.`];
  const content = [
    [about, ...inLanguages].join(" "),
    howFound(prompt),
    passagesText(passages),
    ...(outline.length === 0 ? [] : [`What else there is, by its headings (nothing to cite):\n${outline.join("\n")}`]),
    `Question: ${question}`,
    ...(prompt.isOverview ? [overviewRule(prompt)] : []),
    ...(prompt.searchesLeft > 0 ? [searchRule(prompt)] : []),
    `${languageRule(question)} ${citationRule}`,
  ].join("\n\n");
  return [
    { role: "system", content: [instructions, languageRule(question)].join("\n\n") },
    { role: "user", content },
  ];
}

const citationRule = 'Every sentence that states something ends with [number: "exact words of that passage"].';

function howFound({ isWhole, isSecondTry, isOverview }: AskPrompt): string {
  if (isWhole) {
    return "These passages are the whole text, in order.";
  }

  if (isSecondTry) {
    return "This is a second try: the passages that were found at first gave no answer. Those found with other words come first, then the best of the first ones.";
  }

  return isOverview
    ? "These passages are the beginnings of the files, and some that were found for the question."
    : "These passages were found for the question; some may have nothing to do with it.";
}

const shortText = 4_000;

/** An overview is as long as what it is of. */
function overviewRule({ passages, isWhole }: AskPrompt): string {
  const characters = passages.reduce((sum, { text }) => sum + text.length, 0);
  const most = isWhole && characters <= shortText ? 6 : 12;
  return `If this asks for an overview: say in one sentence what the text is, then give its main points in its order, at most ${most} items of one sentence each. Leave details out.`;
}

function searchRule({ question, searchesLeft, languages }: AskPrompt): string {
  const inLanguages = otherLanguages(question, languages).length === 0 ? "" : `, in ${languages.join(" or ")}`;
  return `Do the passages answer the question, or do they say enough to see that it cannot be answered? Then answer now. Is the answer missing, though other passages may have it? Then look for them before you say NOT FOUND: call the tool search_files, or reply with one line and nothing else:
SEARCH: other words, such as the text with the answer may use${inLanguages}
You have ${searchesLeft === 1 ? "one search" : `${searchesLeft} searches`} left.`;
}

/** Why an answer that cites nothing is sent back. */
export const uncitedAdvice =
  'Your answer cites no words that stand in the passages. Write the whole answer again: every sentence that states something ends with [number: "exact words of that passage"], copied letter by letter from the passage. Leave out what no passage says. If the passages do not answer the question, reply only with NOT FOUND: and what is missing. Say nothing about this check.';

/** Told to a model that goes on searching where no search is left. */
export const closingAdvice =
  "No search and no tool is left for this question. Answer now from the passages that you have, every statement with its citation, or reply with NOT FOUND: and what is missing.";

/**
 * What a model is told of a further search.
 *
 * @param passages Those that it was not told before.
 * @param left Searches that it may still ask for.
 */
export function furtherPassages(passages: readonly ReadPassage[], left: number): string {
  const found =
    passages.length === 0
      ? "This search found nothing new: no passage that you do not have already."
      : `Found:\n${passagesText(passages)}`;
  const again = `If the answer is still missing, search once more with other words${left === 1 ? "" : ` (${left} searches are left)`}, or reply with NOT FOUND: and what is missing.`;
  const last = "No search is left: if the answer is still missing, reply with NOT FOUND: and what is missing.";
  return `${found}\n\nAnswer the question from all passages so far. ${citationRule} ${left === 0 ? last : again}`;
}
