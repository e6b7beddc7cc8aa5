import type { VNode } from "preact";
import type { CellPhase, Turn } from "../../../src/agents/protocol/session-state.ts";
import { problemText } from "../../../src/agents/protocol/words/problem-text.ts";
import { usePage, useSelected } from "../page-context.ts";
import { followUps } from "../text/follow-ups.ts";
import { type ProblemAction, actionsFor } from "../text/problem-actions.ts";
import { Chips } from "./chips.tsx";
import { Button, Icon, IconButton } from "./controls.tsx";
import { memo } from "./memo.ts";

/** How a turn ended: what it cost, what may be asked next, or what went wrong and the ways out. */
export const TurnEnd = memo(function TurnEnd(props: { readonly turn: Turn; readonly last: boolean }): VNode {
  const { turn, last } = props;
  return (
    <div class="turn-end">
      {turn.status === "failed" ? <Failure turn={turn} /> : null}
      {turn.status === "cancelled" || turn.status === "lost" ? <Interrupted turn={turn} last={last} /> : null}
      {last && turn.status === "done" ? <FollowUps turn={turn} /> : null}
      <Usage turn={turn} />
    </div>
  );
});

function FollowUps(props: { readonly turn: Turn }): VNode | null {
  const { strings, ask } = usePage();
  const python = useSelected((state) => state.python);
  const items = followUps(props.turn, python, strings);
  return items.length === 0 ? null : (
    <Chips
      label={strings.followUps}
      items={items.map(({ text }) => text)}
      onPick={(item) => ask(item, items.find(({ text }) => text === item)?.agent ?? null)}
    />
  );
}

function Usage(props: { readonly turn: Turn }): VNode | null {
  const { strings, format, request } = usePage();
  const { turn } = props;
  const { usage, durationMs, pythonMs } = turn;
  if (usage.calls === 0 && pythonMs === 0) {
    return null;
  }

  const about = usage.estimated ? "≈ " : "";
  const decided = turn.blocks.some(
    (block) => (block.kind === "cell" || block.kind === "tool") && block.approval?.how === "person",
  );
  const parts = [
    usage.models.join(" + "),
    usage.calls === 0
      ? ""
      : about + strings.usageTokens(format.number(usage.promptTokens), format.number(usage.completionTokens)),
    usage.modelMs === 0 ? "" : strings.usageModel(format.duration(usage.modelMs)),
    pythonMs === 0 ? "" : strings.usagePython(format.duration(pythonMs)),
  ];
  const wall = format.duration(durationMs);
  return (
    <div class="usage quiet line">
      <span class="grow" title={durationMs === 0 ? undefined : strings.usageWall(wall, decided)}>
        {parts.filter(Boolean).join(" · ")}
      </span>
      {turn.status === "done" ? (
        <IconButton
          icon="export"
          label={strings.exportAnswer}
          onClick={() => void request("session-export", { turnId: turn.id })}
        />
      ) : null}
    </div>
  );
}

function Interrupted(props: { readonly turn: Turn; readonly last: boolean }): VNode {
  const { strings, request } = usePage();
  const { turn } = props;
  const cancelled = turn.status === "cancelled";
  return (
    <div class="ended">
      <div class="line">
        <Icon name={cancelled ? "debug-stop" : "debug-disconnect"} />
        <span class="grow">
          {cancelled ? (keepsVariables(turn) ? strings.stoppedKept : strings.stopped) : strings.lost}
        </span>
      </div>
      {props.last ? (
        <div class="actions">
          <Button icon="refresh" onClick={() => void request("turn-retry", { turnId: turn.id })}>
            {strings.retry}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

const phasesThatRan: ReadonlySet<CellPhase> = new Set(["ok", "error", "interrupted", "timeout"]);

/** Whether Python ran in the turn and is still the same. */
function keepsVariables({ blocks }: Turn): boolean {
  const phases = blocks.flatMap((block) => (block.kind === "cell" ? [block.phase] : []));
  return phases.some((phase) => phasesThatRan.has(phase)) && !phases.includes("exited");
}

function Failure(props: { readonly turn: Turn }): VNode {
  const { strings } = usePage();
  const { problem, id } = props.turn;
  const actions = actionsFor(problem?.code ?? "");
  return (
    <div class="ended failed" role="alert">
      <div class="line top">
        <Icon name="error" class="bad" />
        <span class="grow break">{problem === null ? strings.failed : problemText(problem, strings.locale)}</span>
      </div>
      <div class="actions">
        {actions.map((action, index) => (
          <ProblemButton key={action} action={action} turn={{ id, problem }} primary={index === 0} />
        ))}
      </div>
    </div>
  );
}

function ProblemButton(props: {
  readonly action: ProblemAction;
  readonly turn: Pick<Turn, "id" | "problem">;
  readonly primary: boolean;
}): VNode {
  const { strings, request, store } = usePage();
  const { action, turn } = props;
  const baseUrl = turn.problem?.details["baseUrl"];
  const openPicker = (): void => store.set({ pickerRequests: store.get().pickerRequests + 1 });
  const run: Record<ProblemAction, () => void> = {
    "choose-model": openPicker,
    "test-connection": openPicker,
    "set-key": () => void request("model-key", { baseUrl: typeof baseUrl === "string" ? baseUrl : "" }),
    "look-again": () => void request("model-refresh", {}),
    retry: () => void request("turn-retry", { turnId: turn.id }),
    "install-python": () => void request("python-install", {}),
    "choose-python": () => void request("python-choose", {}),
    "manage-trust": () => void request("trust-manage", {}),
    "open-settings": () => void request("settings-open", { query: "byzer" }),
    "show-terminal": () => void request("terminal-show", {}),
    "manage-index": () => void request("index-manage", {}),
  };
  return (
    <Button primary={props.primary} onClick={run[action]}>
      {strings.problemActions[action]}
    </Button>
  );
}
