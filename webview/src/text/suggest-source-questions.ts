import type { SessionSource } from "../../../src/agents/protocol/session-state.ts";
import type { Strings } from "../strings/en.ts";
import { extensionOf } from "./place-words.ts";

const codeEndings: ReadonlySet<string> = new Set(
  "c cc cpp cs css dart ex go h hpp java jl js jsx kt lua m mjs mts php pl ps1 py r rb rs scala sh sql svelte swift ts tsx vue zig".split(
    " ",
  ),
);

/** At most three questions that what is asked about invites, ready to be sent. */
export function suggestSourceQuestions(sources: readonly SessionSource[], strings: Strings): readonly string[] {
  const readable = sources.filter(({ state }) => state?.status !== "failed" && !holdsNothing(state));
  const [first] = readable;
  if (first === undefined) {
    return [];
  }

  if (readable.some(({ kind }) => kind === "workspace")) {
    return [strings.askProject, strings.askBuild];
  }

  if (readable.length > 1) {
    return [strings.askMainPoints, strings.askSeveral];
  }

  switch (first.kind) {
    case "folder":
      return [strings.askFolder, strings.askMainPoints];
    case "lines":
      return [strings.askLines];
    default:
      return codeEndings.has(extensionOf(first.name))
        ? [strings.askCode, strings.askCodeParts]
        : [strings.askSummary, strings.askMainPoints];
  }
}

function holdsNothing(state: SessionSource["state"]): boolean {
  return state?.status === "ready" && state.passages === 0;
}
