import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { ToolDecision } from "../../../src/agents/protocol/session-event.ts";
import type { ToolBlock } from "../../../src/agents/protocol/session-state.ts";
import { usePage } from "../page-context.ts";
import { isLong } from "../text/long-text.ts";
import { toolInputLine, toolInputText } from "../text/tool-input.ts";
import { Button, Icon } from "./controls.tsx";
import { Fold } from "./fold.tsx";
import { memo } from "./memo.ts";
import { useApproval } from "./use-approval.ts";

const phaseIcons: Record<ToolBlock["phase"], string> = {
  running: "loading",
  waiting: "question",
  ok: "check",
  failed: "error",
  denied: "circle-slash",
  stopped: "debug-stop",
};

/** A tool that an agent called: one quiet line that folds open; open, with the question, while it waits for a yes. */
export const ToolCall = memo(function ToolCall(props: { readonly rowKey: string; readonly block: ToolBlock }): VNode {
  const { rowKey, block } = props;
  const { strings } = usePage();
  if (block.phase === "waiting") {
    return (
      <section class="card tool phase-waiting" aria-label={strings.toolAsks(block.agent, block.tool)}>
        <div class="line top card-part">
          <Icon name={phaseIcons.waiting} class="phase-icon waiting" />
          <span class="grow break">{strings.toolAsks(block.agent, block.tool)}</span>
        </div>
        <ToolDetails block={block} />
        <ToolApproval block={block} />
      </section>
    );
  }

  return (
    <Fold foldKey={`tool:${rowKey}`} class="tool" summary={<ToolLine block={block} />}>
      {() => (
        <div class="card">
          <ToolDetails block={block} />
        </div>
      )}
    </Fold>
  );
});

function ToolLine(props: { readonly block: ToolBlock }): VNode {
  const { block } = props;
  const { strings, format } = usePage();
  const input = toolInputLine(block.input);
  const isPlain = block.phase === "ok" || block.phase === "running";
  const facts = [
    isPlain ? "" : strings.toolPhases[block.phase],
    block.durationMs >= 1000 ? format.duration(block.durationMs) : "",
  ].filter((fact) => fact !== "");
  return (
    <>
      <Icon
        name={phaseIcons[block.phase]}
        class={`phase-icon ${block.phase === "failed" ? "error" : block.phase}`}
        spin={block.phase === "running"}
      />
      <span class="cut grow tool-line">
        <span class="quiet">{block.agent}</span> <b>{block.tool}</b>
        {input === "" ? null : <span class="quiet"> {input}</span>}
      </span>
      {facts.length === 0 ? null : <span class="quiet nowrap">{facts.join(" · ")}</span>}
      {isPlain ? <span class="sr-only"> {strings.toolPhases[block.phase]}</span> : null}
    </>
  );
}

function ToolDetails(props: { readonly block: ToolBlock }): VNode {
  const { block } = props;
  const { strings } = usePage();
  const input = toolInputText(block.input);
  return (
    <>
      {block.origin === "" ? null : <div class="card-part quiet break">{strings.toolOrigin(block.origin)}</div>}
      {input === "" ? null : <ToolText label={strings.toolInput} text={input} />}
      {block.text === "" ? null : <ToolText label={strings.toolResult} text={block.text} />}
    </>
  );
}

function ToolText(props: { readonly label: string; readonly text: string }): VNode {
  const { label, text } = props;
  return (
    <div class="card-part">
      <div class="quiet">{label}</div>
      <pre
        class={isLong(text) ? "tool-text pre-wrap break scrolled" : "tool-text pre-wrap break"}
        tabIndex={isLong(text) ? 0 : undefined}
        aria-label={label}
      >
        {text}
      </pre>
    </div>
  );
}

/** Ctrl+Enter allows once, Escape declines. */
function ToolApproval(props: { readonly block: ToolBlock }): VNode {
  const { id, agent, tool } = props.block;
  const { strings, request, announce } = usePage();
  useEffect(() => announce(strings.toolAsks(agent, tool)), []);
  const { bar, answered, answer, keys } = useApproval<ToolDecision>((decision) =>
    request("tool-answer", { callId: id, decision }),
  );
  return (
    <div ref={bar} onKeyDown={keys}>
      <div class="approval" role="group" aria-label={strings.toolAsks(agent, tool)}>
        <Button primary disabled={answered} onClick={() => void answer("once")}>
          {strings.toolAllow}
        </Button>
        <Button disabled={answered} onClick={() => void answer("session")}>
          {strings.toolAllowSession}
        </Button>
        <Button disabled={answered} onClick={() => void answer("deny")}>
          {strings.toolDeny}
        </Button>
      </div>
    </div>
  );
}
