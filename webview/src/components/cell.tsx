import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import type { CellBlock, Session } from "../../../src/agents/protocol/session-state.ts";
import { useKeptOpen, usePage, useSelected } from "../page-context.ts";
import { ApprovalBar } from "./approval-bar.tsx";
import { CellOutputs } from "./cell-outputs.tsx";
import { Code } from "./code.tsx";
import { Icon, IconButton } from "./controls.tsx";
import { CopyButton } from "./copy-button.tsx";
import { EffectsLine } from "./effects-line.tsx";
import { memo } from "./memo.ts";
import { PackageOffers } from "./package-offers.tsx";

const phaseIcons: Record<CellBlock["phase"], string> = {
  writing: "loading",
  ready: "circle-outline",
  waiting: "question",
  running: "loading",
  ok: "check",
  error: "error",
  interrupted: "debug-stop",
  timeout: "watch",
  exited: "debug-disconnect",
  denied: "circle-slash",
};

/** Code, what it would do, the question whether it may, and what came of it. */
export const Cell = memo(function Cell(props: {
  readonly block: CellBlock;
  readonly superseded: boolean;
  /** How the cell ended is said by the end of its turn. */
  readonly endTold: boolean;
}): VNode {
  const { block, superseded } = props;
  const { strings, format } = usePage();
  const [open, setOpen] = useKeptOpen(`cell:${block.id}`, true);
  const [whole, setWhole] = useKeptOpen(`attempt:${block.id}`, false);
  const root = useRef<HTMLElement>(null);
  const isCut = useIsCut(block);
  const title = block.number === 0 ? strings.cellWriting : strings.cell(format.number(block.number));
  if (superseded && !whole) {
    return <FoldedAttempt block={block} title={title} onOpen={() => setWhole(true)} />;
  }

  const detail = props.endTold ? undefined : isCut ? strings.cellReconnecting : strings.phaseDetails[block.phase];
  return (
    <section class={`card cell phase-${block.phase}`} aria-label={title} ref={root}>
      <CellHead
        block={block}
        detailed={detail !== undefined}
        title={title}
        open={open}
        onToggle={() => (superseded ? setWhole(false) : setOpen(!open))}
      />
      {open && block.phase !== "waiting" ? (
        <Code code={block.code} label={title} growing={block.phase === "writing"} />
      ) : null}
      {block.phase === "waiting" ? <ApprovalBar block={block} title={title} /> : <EffectsLine block={block} />}
      <CellOutputs block={block} />
      <PackageOffers block={block} />
      {detail === undefined ? null : <div class="card-part quiet">{detail}</div>}
    </section>
  );
});

function FoldedAttempt(props: {
  readonly block: CellBlock;
  readonly title: string;
  readonly onOpen: () => void;
}): VNode {
  const { strings, format } = usePage();
  const error = props.block.outputs.findLast((output) => output.type === "error");
  return (
    <button type="button" class="fold-line attempt" aria-expanded={false} onClick={props.onOpen}>
      <Icon name="chevron-right" />
      <Icon name="error" class="bad" />
      <span class="cut">
        {props.title}
        {props.block.repair > 0 ? ` · ${strings.repair(format.number(props.block.repair))}` : ""}
        {error?.type === "error" ? ` · ${error.name}` : ""}
      </span>
      <span class="quiet">{strings.repairedLater}</span>
    </button>
  );
}

function CellHead(props: {
  readonly block: CellBlock;
  /** How the cell ended stands in a sentence below. */
  readonly detailed: boolean;
  readonly title: string;
  readonly open: boolean;
  readonly onToggle: () => void;
}): VNode {
  const { block } = props;
  const { strings, format, request } = usePage();
  const shown = asksForPackage(block) ? "waiting" : block.phase;
  const isCut = useIsCut(block);
  const phase = isCut ? strings.kernelShort.reconnecting : strings.phases[shown];
  const granted = useGrant(block);
  const facts = [
    block.durationMs > 0
      ? format.duration(block.durationMs)
      : block.phase === "ok" || (props.detailed && !isCut)
        ? ""
        : phase,
    block.edited ? strings.edited : "",
    granted ?? "",
  ].filter((fact) => fact !== "");
  return (
    <div class="cell-head">
      <Icon
        name={phaseIcons[shown]}
        class={`phase-icon ${block.phase}`}
        spin={shown === "running" || shown === "writing"}
      />
      <span class="cut">
        {props.title}
        {block.repair > 0 ? ` · ${strings.repair(format.number(block.repair))}` : ""}
      </span>
      <span class="grow quiet">
        {facts.join(" · ")}
        {facts.includes(phase) || props.detailed ? null : <span class="sr-only"> {phase}</span>}
      </span>
      <CopyButton text={() => block.code} label={strings.copy} />
      <IconButton
        icon="insert"
        label={strings.insert}
        onClick={() => void request("code-insert", { code: block.code })}
      />
      <IconButton
        icon={props.open ? "chevron-up" : "chevron-down"}
        label={props.open ? strings.foldCode : strings.unfoldCode}
        expanded={props.open}
        onClick={props.onToggle}
      />
    </div>
  );
}

/** Whether the cell runs on a cluster to which the link is cut. */
function useIsCut({ phase }: CellBlock): boolean {
  // What is selected may not depend on the block: a store keeps the first selection that it was given.
  const isLinkCut = useSelected(({ python }) => python?.kernel?.phase === "reconnecting");
  return isLinkCut && phase === "running";
}

/** Whether the cell stands still until the person says what to do about a package. */
function asksForPackage(block: CellBlock): boolean {
  return block.phase === "running" && block.packages.at(-1)?.state === "waiting";
}

/** By which earlier yes the code ran without being asked about; `null` where the person was asked. */
function useGrant(block: CellBlock): string | null {
  const { strings } = usePage();
  const granted = block.approval?.how === "granted";
  const bySession = useSelected(({ session }) => granted && isGrantedInSession(session));
  return granted ? (bySession ? strings.allowedSession : strings.allowedWorkspace) : null;
}

function isGrantedInSession(session: Session): boolean {
  return session.turns.some(({ blocks }) =>
    blocks.some((block) => block.kind === "cell" && block.approval?.decision === "session"),
  );
}
