import { retrievalAgent } from "../catalog/retrieval-agent.ts";
import { type AskingWords, askingWords } from "./asking-words.ts";
import { askedAbout } from "./passage-text.ts";
import type { NamedPassage } from "./passage-shelf.ts";
import type { SourceScope } from "./source-scope.ts";

/** Who answers from passages, and how what is read is spoken of. */
export interface AskingVoice {
  /** The name of the agent. */
  readonly agent: string;
  /** What is read, as other agents are told. */
  readonly things: string;
  /** What is said in the agent's own words, in the language of a question. */
  readonly words: (question: string) => AskingWords;
  /** What a model is told of what the person asks about. */
  readonly about: (scopes: readonly SourceScope[]) => string;
  /** What a passage is shown as and the turn that it is of, by its path in the index; made of the path where left out. */
  readonly nameOf?: (path: string) => Pick<NamedPassage, "name" | "turn">;
}

/** Speaks of files. */
export const fileVoice: AskingVoice = {
  agent: retrievalAgent.name,
  things: "the user's files",
  words: askingWords,
  about: askedAbout,
};
