import type { VNode } from "preact";
import type { Turn } from "../../../src/agents/protocol/session-state.ts";
import { usePage } from "../page-context.ts";
import { type ProblemAction, actionsFor } from "../text/problem-actions.ts";
import { Chips } from "./chips.tsx";
import { Button, Icon } from "./controls.tsx";
import { memo } from "./memo.ts";

/** How a turn ended: what it cost, what may be asked next, or what went wrong and the ways out. */
export const TurnEnd = memo(function TurnEnd(props: { readonly turn: Turn; readonly last: boolean }): VNode {
  const { turn, last } = props;
  const { strings, ask } = usePage();
  return (
    <div class="turn-end">
      {turn.status === "failed" ? <Failure turn={turn} /> : null}
      {turn.status === "cancelled" || turn.status === "lost" ? <Interrupted turn={turn} last={last} /> : null}
      {last && turn.status === "done" ? (
        <Chips
          label={strings.followUps}
          items={followUps(turn, strings)}
          onPick={(item) => ask(item, agentFor(item, strings))}
        />
      ) : null}
      <Usage turn={turn} />
    </div>
  );
});

type Sentences = ReturnType<typeof usePage>["strings"];

function followUps(turn: Turn, strings: Sentences): readonly string[] {
  const cells = turn.blocks.filter((block) => block.kind === "cell");
  const outputs = cells.flatMap((cell) => cell.outputs);
  return [
    ...(outputs.some((output) => output.type === "image") ? [] : [strings.askPlotThis]),
    ...(outputs.some((output) => output.type === "table") ? [] : [strings.askAsTable]),
    ...(cells.length > 0 ? [strings.askExplain] : []),
  ];
}

function agentFor(item: string, strings: Sentences): string | null {
  return item === strings.askPlotThis ? "visualization_agent" : null;
}

function Usage(props: { readonly turn: Turn }): VNode | null {
  const { strings, format } = usePage();
  const { usage, durationMs, pythonMs } = props.turn;
  if (usage.calls === 0 && durationMs === 0) {
    return null;
  }

  const about = usage.estimated ? "≈ " : "";
  const parts = [
    usage.models.join(" + "),
    usage.calls === 0
      ? ""
      : about + strings.usageTokens(format.number(usage.promptTokens), format.number(usage.completionTokens)),
    durationMs === 0
      ? ""
      : strings.usageTime(format.duration(durationMs), pythonMs === 0 ? null : format.duration(pythonMs)),
  ];
  return <div class="usage quiet">{parts.filter(Boolean).join(" · ")}</div>;
}

function Interrupted(props: { readonly turn: Turn; readonly last: boolean }): VNode {
  const { strings, request } = usePage();
  const { turn } = props;
  const cancelled = turn.status === "cancelled";
  return (
    <div class="ended">
      <div class="line">
        <Icon name={cancelled ? "debug-stop" : "debug-disconnect"} />
        <span class="grow">{cancelled ? strings.stopped : strings.lost}</span>
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

function Failure(props: { readonly turn: Turn }): VNode {
  const { strings } = usePage();
  const { problem, id } = props.turn;
  const actions = actionsFor(problem?.code ?? "");
  return (
    <div class="ended failed" role="alert">
      <div class="line top">
        <Icon name="error" class="bad" />
        <span class="grow break">{problem?.message ?? strings.failed}</span>
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
  };
  return (
    <Button primary={props.primary} onClick={run[action]}>
      {strings.problemActions[action]}
    </Button>
  );
}
