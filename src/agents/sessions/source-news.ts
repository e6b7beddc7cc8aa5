import { AgentError } from "../base/errors.ts";
import type { RunEvent } from "../core/run.ts";
import type { SessionSource } from "../protocol/session-state.ts";
import type { SourceNews } from "./asked-sources.ts";

/** What a person is told of the sources before an answer; what stands in the way of one is left to {@link refuseUnreadable}. */
export function sourceNotices({ gone, unfinished }: SourceNews): readonly RunEvent[] {
  const notices: RunEvent[] = gone.map((name) => ({
    type: "notice",
    severity: "warning",
    code: "source-gone",
    text: `${name} is no longer there: it was deleted or moved.`,
    values: { name },
  }));
  if (unfinished === null) {
    return notices;
  }

  const { doneFiles: done, ofFiles } = unfinished;
  const of = ofFiles ?? 0;
  const far = ofFiles === null ? "" : ` (${done} of ${ofFiles} files so far)`;
  const text = `The files are still being read${far}. The answer rests on what has been read.`;
  return [...notices, { type: "notice", severity: "info", code: "index-unfinished", text, values: { done, of } }];
}

/** A question about nothing that can be read is not asked. @throws AgentError `source.none` */
export function refuseUnreadable(sources: readonly SessionSource[]): void {
  const problems = sources.flatMap(({ state }) => (state?.status === "failed" ? [state.problem.message] : []));
  if (problems.length > 0 && problems.length === sources.length) {
    const names = sources.map(({ name }) => name);
    throw new AgentError("source.none", { names }, problems.join(" "));
  }
}
