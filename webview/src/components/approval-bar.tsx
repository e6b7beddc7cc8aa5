import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { isRiskyEffect } from "../../../src/agents/protocol/cell-output.ts";
import type { ApprovalDecision } from "../../../src/agents/protocol/session-event.ts";
import type { CellBlock } from "../../../src/agents/protocol/session-state.ts";
import { usePage } from "../page-context.ts";
import { Code } from "./code.tsx";
import { Button, IconButton } from "./controls.tsx";
import { EffectsLine } from "./effects-line.tsx";
import { Menu } from "./popover.tsx";
import { useApproval } from "./use-approval.ts";

const runKeys = navigator.userAgent.includes("Mac") ? "⌘⏎" : "Ctrl+Enter";

/** The code that waits, and the question whether it may run; Ctrl+Enter runs, Escape declines. */
export function ApprovalBar(props: { readonly block: CellBlock; readonly title: string }): VNode {
  const { block } = props;
  const { strings, format, request, announce, store } = usePage();
  const [draft, setDraft] = useState<string | null>(null);
  const runButton = useRef<HTMLElement>(null);
  const risky = block.everyTime || block.effects.some(isRiskyEffect);
  const edited = draft !== null && draft !== block.code;
  useEffect(() => {
    focusPolitely(runButton.current, store.get().draft);
    return announce(strings.approvalWaits(format.number(block.number)));
  }, []);

  const { bar, answered, answer, keys } = useApproval<ApprovalDecision>(
    (decision) => request("approval-answer", { cellId: block.id, decision, code: edited ? draft : null }),
    () => {
      setDraft(null);
      return draft !== null;
    },
  );
  return (
    <div ref={bar} onKeyDown={keys}>
      {draft === null ? (
        <Code code={block.code} label={props.title} growing={false} />
      ) : (
        <CodeEditor value={draft} onInput={setDraft} />
      )}
      <EffectsLine block={block} edited={edited} />
      <div class="approval" role="group" aria-label={strings.approval}>
        <Button primary disabled={answered} onClick={() => void answer("once")} buttonRef={runButton}>
          {draft === null ? strings.run : strings.runEdited}
        </Button>
        {risky ? null : (
          <span class="split">
            <Button disabled={answered} onClick={() => void answer("session")}>
              {strings.runSession}
            </Button>
            <MoreChoices onWorkspace={() => void answer("workspace")} />
          </span>
        )}
        <Button disabled={answered} onClick={() => setDraft(draft === null ? block.code : null)}>
          {draft === null ? strings.edit : strings.cancel}
        </Button>
        <Button disabled={answered} onClick={() => void answer("deny")}>
          {strings.dontRun}
        </Button>
        <span class="quiet keys">
          {risky ? `${strings.riskyAlwaysAsks} ` : ""}
          {strings.approvalKeys(runKeys)}
          {block.sandbox === "off" ? "" : ` · ${strings.sandboxed[block.sandbox]}`}
        </span>
      </div>
    </div>
  );
}

function MoreChoices(props: { readonly onWorkspace: () => void }): VNode {
  const { strings } = usePage();
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLElement>(null);
  return (
    <>
      <IconButton
        icon="ellipsis"
        label={strings.moreChoices}
        menu
        expanded={open}
        buttonRef={anchor}
        onClick={() => setOpen(!open)}
      />
      {open ? (
        <Menu
          anchor={anchor}
          label={strings.moreChoices}
          onClose={() => setOpen(false)}
          items={[{ label: strings.runWorkspace, onSelect: props.onWorkspace }]}
        />
      ) : null}
    </>
  );
}

function CodeEditor(props: { readonly value: string; readonly onInput: (value: string) => void }): VNode {
  const { strings } = usePage();
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  return (
    <textarea
      ref={area}
      class="code-editor"
      aria-label={strings.editCode}
      rows={Math.min(24, props.value.split("\n").length + 1)}
      spellcheck={false}
      wrap="off"
      value={props.value}
      onInput={(event) => props.onInput(event.currentTarget.value)}
    />
  );
}

/** Moves the focus only when the person is not in the middle of something: nothing has it, or an empty composer. */
function focusPolitely(target: HTMLElement | null, draft: string): void {
  const active = document.activeElement;
  const idle = active === null || active === document.body || (active.id === "composer-text" && draft === "");
  if (idle && document.hasFocus()) {
    target?.focus({ preventScroll: true });
  }
}
