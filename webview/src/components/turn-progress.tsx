import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Turn } from "../../../src/agents/protocol/session-state.ts";
import { usePage } from "../page-context.ts";
import { Icon, ProgressRing } from "./controls.tsx";
import { memo } from "./memo.ts";

/** What is going on right now, and for how long the turn has run. */
export const TurnProgress = memo(function TurnProgress(props: {
  readonly progress: Turn["progress"];
  readonly startedAt: number;
}): VNode {
  const { strings, format } = usePage();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const { progress } = props;
  const agent = progress?.agent ?? "pipeline";
  const activity = strings.activities[progress?.activity ?? ""] ?? strings.working;
  const waiting = progress?.activity === "waiting";
  const seconds = Math.floor((now - props.startedAt) / 1000);
  return (
    <div class="step progress">
      {waiting ? <Icon name="question" class="waiting" /> : <ProgressRing />}
      <span class="grow break">
        {activity(agent)}…{(progress?.detail ?? "") === "" ? "" : ` ${progress?.detail ?? ""}`}
        {seconds < 1 || waiting ? null : <span class="nowrap"> · {format.duration(seconds * 1000)}</span>}
      </span>
    </div>
  );
});
