import { saysNotInFiles } from "../../../src/agents/asking/asking-words.ts";
import type { TextBlock } from "../../../src/agents/protocol/session-state.ts";
import { missingFacts } from "../score.ts";
import type { CorpusDocument } from "./corpus-documents.ts";
import type { AnswerCheck, AskedTurn } from "./question.ts";
import { falsehoodOf } from "./verify-citation.ts";

/** An answer, its citations with paths as in the corpus. */
export type GivenAnswer = Pick<TextBlock, "text" | "citations" | "doubts">;

/** What is wrong with an answer, in words; empty where nothing is. */
export function faultsOf(
  answer: GivenAnswer,
  { check }: AskedTurn,
  documents: ReadonlyMap<string, CorpusDocument>,
): readonly string[] {
  const checks = Array.isArray(check) ? check : [check];
  const unmet = checks.map((one) => unmetBy(answer, one));
  const fewest = unmet.toSorted((a, b) => a.length - b.length)[0] ?? [];
  const falsehoods = answer.citations.flatMap((citation) => {
    const falsehood = falsehoodOf(citation, documents.get(citation.path));
    return falsehood === null ? [] : [`citation ${citation.number} of ${citation.path} ${falsehood}`];
  });
  const doubts = answer.doubts.map(({ reason, quote }) => `doubt (${reason}) ${JSON.stringify(quote)}`);
  return [...fewest, ...falsehoods, ...doubts];
}

function unmetBy({ text, citations }: GivenAnswer, check: AnswerCheck): readonly string[] {
  const { says = [], saysNot = [], cites = [], citesNot = [], notInFiles = false } = check;
  const words = text.replaceAll(/\[\??\d+\]/gu, "");
  const cited = new Set(citations.map(({ path }) => path));
  const refuses = saysNotInFiles(text);
  return [
    ...(refuses === notInFiles ? [] : [refuses ? "says that it is not in the files" : "does not refuse"]),
    ...(refuses || citations.length > 0 ? [] : ["cites nothing"]),
    ...says
      .map((fact) => (Array.isArray(fact) ? fact : [fact]))
      .filter((choices) => choices.every((fact) => missingFacts(words, [fact]).length > 0))
      .map((choices) => `does not say ${choices.join(" or ")}`),
    ...saysNot.filter((fact) => missingFacts(words, [fact]).length === 0).map((fact) => `says ${fact}`),
    ...cites.filter((path) => !cited.has(path)).map((path) => `does not cite ${path}`),
    ...citesNot.filter((path) => cited.has(path)).map((path) => `cites ${path}`),
  ];
}
