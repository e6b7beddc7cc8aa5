import type { ReadPassage } from "../../../src/agents/protocol/citation.ts";
import type { Strings } from "../strings/en.ts";
import type { Format } from "./format.ts";

/** By what a passage was found, in words; empty where everything was read. */
export function scoreWords(
  { score, scores }: Pick<ReadPassage, "score" | "scores">,
  strings: Strings,
  format: Format,
): readonly string[] {
  const said = (["text", "vector", "reranked"] as const).flatMap((kind) => {
    const value = scores?.[kind] ?? null;
    return value === null ? [] : [strings.scores[kind](format.score(value))];
  });
  return said.length > 0 || score === 0 ? said : [strings.scores.text(format.score(score))];
}
