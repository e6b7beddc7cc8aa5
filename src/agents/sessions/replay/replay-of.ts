import type { PythonHost } from "../../analysis/python-host.ts";
import type { PostOffice } from "../../core/post-office.ts";
import type { SessionLog } from "../session-log.ts";
import type { TurnPlan } from "./plan-replay.ts";
import { readyVariables } from "./recorded-cells.ts";
import { Replay } from "./replayed-run.ts";

/** The replay that a question is; `undefined` where it is none. */
export function replayOf(
  { replay }: TurnPlan,
  parts: { readonly log: SessionLog; readonly python: PythonHost; readonly office: PostOffice },
): Replay | undefined {
  const { log, python, office } = parts;
  return replay === undefined
    ? undefined
    : new Replay({
        recorded: replay.recorded,
        content: replay.order.content,
        office,
        beforeCode: (cells, run, again) =>
          readyVariables(cells, { log: log.events, keepsVariables: python.keepsVariables, run, again }),
      });
}
