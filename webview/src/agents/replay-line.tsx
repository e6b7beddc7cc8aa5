import type { VNode } from "preact";
import type { Turn, TurnReplay } from "../../../src/agents/protocol/session-state.ts";
import { useAgentsPage } from "./agents-context.ts";

/** Says that a run is an earlier one played again, how far that went, and leads to that one. */
export function ReplayLine(props: {
  readonly replay: TurnReplay;
  readonly runs: readonly Turn[];
  readonly onLook: (turnId: string) => void;
}): VNode {
  const { strings } = useAgentsPage();
  const { replay, runs, onLook } = props;
  const number = runs.findIndex(({ id }) => id === replay.turnId) + 1;
  return (
    <p class="quiet replayed">
      {strings.replayOf(number)} {replay.end === null ? "" : strings.replayEnds[replay.end]}{" "}
      {number === 0 ? null : (
        <button type="button" class="link" onClick={() => onLook(replay.turnId)}>
          {strings.earlierRun}
        </button>
      )}
    </p>
  );
}
