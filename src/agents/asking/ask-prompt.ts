import { languageRule } from "../analysis/language.ts";
import type { ModelMessage } from "../ports/chat-model.ts";
import type { ReadPassage } from "../protocol/citation.ts";
import { passagesText } from "./passage-text.ts";

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
  readonly maySearch: boolean;
  /** The passages were found with other words, after the first ones gave no answer. */
  readonly isSecondTry: boolean;
}

/** The messages that ask for an answer. What files say stands in the user's message, between fences. */
export function askMessages(prompt: AskPrompt): readonly ModelMessage[] {
  const { instructions, question, about, passages, outline, maySearch } = prompt;
  const search =
    "If you need other passages to answer, call the tool search_files, or reply with one line and nothing else:\nSEARCH: the words to look for";
  const system = [instructions, ...(maySearch ? [search] : []), languageRule(question)].join("\n\n");
  const content = [
    about,
    howFound(prompt),
    passagesText(passages),
    ...(outline.length === 0 ? [] : [`What else there is, by its headings (nothing to cite):\n${outline.join("\n")}`]),
    `Question: ${question}`,
    `${languageRule(question)} Every sentence that states something ends with [number: "exact words of that passage"].`,
  ].join("\n\n");
  return [
    { role: "system", content: system },
    { role: "user", content },
  ];
}

function howFound({ isWhole, isSecondTry }: AskPrompt): string {
  if (isWhole) {
    return "These passages are the whole text, in order.";
  }

  return isSecondTry
    ? "This is a second try: the passages that were found at first gave no answer. Those found with other words come first, then the best of the first ones."
    : "These passages were found for the question; some may have nothing to do with it.";
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
  const next =
    left === 0
      ? "No search is left: answer from the passages, or say NOT FOUND."
      : `${left} more ${left === 1 ? "search" : "searches"} can be made.`;
  return `${found}\n\n${next}`;
}
