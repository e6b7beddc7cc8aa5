import type { Strings } from "../strings/en.ts";

export type ProblemAction = keyof Strings["problemActions"];

const actionsByCode: Readonly<Record<string, readonly ProblemAction[]>> = {
  "model.missing": ["choose-model", "look-again", "retry"],
  "model.unreachable": ["retry", "test-connection", "choose-model"],
  "model.wrong-key": ["set-key", "test-connection", "retry"],
  "model.unknown": ["choose-model", "retry"],
  "model.rate-limited": ["retry", "choose-model"],
  "model.failed": ["retry", "test-connection", "choose-model"],
  "model.cut": ["retry", "test-connection"],
  "model.empty": ["retry", "choose-model"],
  "model.too-long": ["choose-model", "retry"],
  "model.malformed": ["retry", "choose-model"],
  // An environment is made by a Python, so there it is no way out.
  "python.missing": ["choose-python", "retry", "open-settings"],
  "python.unusable": ["choose-python", "install-python", "retry"],
  "python.unreachable": ["retry", "show-terminal", "choose-python"],
  "python.closed": ["retry", "show-terminal"],
  "python.untrusted": ["manage-trust"],
  "run.budget": ["retry", "open-settings"],
  "index.full": ["retry", "manage-index"],
  "index.not-writable": ["retry", "manage-index"],
  "index.unavailable": ["open-settings"],
  "index.address": ["open-settings", "retry"],
  "index.unreachable": ["retry", "open-settings"],
  "index.wrong-password": ["open-settings", "retry"],
  "index.denied": ["open-settings", "retry"],
  "index.read-only": ["open-settings", "retry"],
  "index.other-version": ["open-settings", "retry"],
  "index.no-vectors": ["open-settings", "retry"],
  "index.name-taken": ["open-settings", "retry"],
};

/** The ways out of a problem, the likeliest first. */
export function actionsFor(code: string): readonly ProblemAction[] {
  return actionsByCode[code] ?? ["retry"];
}
