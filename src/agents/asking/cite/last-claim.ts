import { claimWords } from "./claim-words.ts";
import { sentencesOf } from "./sentences.ts";

const fewestWords = 2;

/** The sentence that a mark at the end of a text stands for; with the one before it where it says too little. */
export function lastClaim(text: string): string {
  const line = text.trimEnd().split("\n").at(-1) ?? "";
  const sentences = sentencesOf(line);
  const last = sentences.at(-1);
  if (last === undefined) {
    return "";
  }

  const claim = line.slice(last.start, last.end);
  const before = sentences.at(-2);
  return claimWords(claim).size >= fewestWords || before === undefined ? claim : line.slice(before.start, last.end);
}
