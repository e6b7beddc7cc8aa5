import type { Problem } from "../../../src/agents/protocol/problem.ts";
import type { Source, SourceState } from "../../../src/agents/protocol/source.ts";
import { leftOutText } from "../../../src/agents/protocol/words/left-out-text.ts";
import { problemText } from "../../../src/agents/protocol/words/problem-text.ts";
import type { Strings } from "../strings/en.ts";
import type { Format } from "./format.ts";

/** From here on a count is told in thousands or millions: it stands beside a name. */
const fewestShortened = 100_000;

/** A source whose reading has ended, by itself or by the person. */
export type ReadSource = Extract<SourceState, { readonly files: number }>;

/** Icons by kind, from the editor's font. */
export function sourceIcon(kind: Source["kind"]): string {
  return { file: "file", lines: "list-selection", folder: "folder", workspace: "root-folder" }[kind];
}

/** As a chip and the card say it: some lines by their numbers, as in `notes.md:10–20`. */
export function sourceName({ kind, name, lines }: Source, strings: Strings): string {
  if (kind === "workspace") {
    return strings.wholeWorkspace(name);
  }

  if (lines === null) {
    return name;
  }

  const { first, last } = lines;
  return strings.linesOf(name, first === last ? String(first) : `${first}–${last}`);
}

/** How much was read, such as `12 files, 340 passages`; empty while that is not known, or nothing was. */
export function sourceFacts(state: SourceState | null, strings: Strings, format: Format): string {
  if (state === null || !("files" in state)) {
    return "";
  }

  const { files, passages } = state;
  if (passages === 0) {
    return "";
  }

  const count = (value: number): string => (value < fewestShortened ? format.number(value) : format.compact(value));
  return [
    files === 1 ? "" : strings.sourceFiles(count(files), files),
    strings.sourcePassages(count(passages), passages),
  ]
    .filter((fact) => fact !== "")
    .join(" · ");
}

/** Why a source cannot be asked about, in the page's words where it has them. */
export function sourceProblem(problem: Problem, strings: Strings): string {
  const { code, details } = problem;
  const { reason } = details;
  if (code === "source.left-out" && typeof reason === "string") {
    return strings.sourceUnread(leftOutText(reason, strings.locale));
  }

  return code === "source.not-found" ? strings.sourceGone : problemText(problem, strings.locale);
}

/** What a chip's tooltip says of the state, a line each. */
export function stateLines(state: SourceState | null, strings: Strings, format: Format): readonly string[] {
  if (state === null) {
    return [];
  }

  if (state.status === "indexing") {
    const done = format.number(state.doneFiles);
    return [
      state.ofFiles === null
        ? strings.indexingSome(done, state.doneFiles)
        : strings.indexingShare(done, format.number(state.ofFiles)),
      strings.mayBeAsked,
    ];
  }

  if (state.status === "failed") {
    return [sourceProblem(state.problem, strings)];
  }

  const [first] = state.leftOut;
  return [
    ...(state.passages === 0 ? [] : [sourceFacts(state, strings, format)]),
    ...(state.status === "stopped" ? [strings.sourceStopped] : []),
    ...(state.tooManyFiles ? [strings.sourceTooMany] : []),
    ...(state.passages === 0 && first !== undefined
      ? [strings.sourceUnread(leftOutText(first.reason, strings.locale))]
      : state.leftOutFiles === 0
        ? []
        : [strings.sourceLeftOut(format.number(state.leftOutFiles), state.leftOutFiles)]),
  ];
}

/** Whether a person should look at it: it failed, holds nothing, or was not read to its end. */
export function warnsOf(state: SourceState | null): boolean {
  return (
    state !== null &&
    state.status !== "indexing" &&
    (state.status !== "ready" || state.passages === 0 || state.tooManyFiles)
  );
}
