import type { VNode } from "preact";
import type { Block, Turn } from "../../../src/agents/protocol/session-state.ts";
import { useKeptOpen, usePage } from "../page-context.ts";
import { Cell } from "./cell.tsx";
import { IconButton, LinkButton } from "./controls.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { memo } from "./memo.ts";
import { Passages } from "./passages.tsx";
import { Notice, TextView } from "./text-block.tsx";
import { ToolCall } from "./tool-call.tsx";

/** What a retried or edited question took the place of: to be read, not to be gone on with. */
export const RemovedTurns = memo(function RemovedTurns(props: {
  readonly rowKey: string;
  readonly turns: readonly Turn[];
}): VNode {
  const { rowKey, turns } = props;
  const { strings, format } = usePage();
  const [open, setOpen] = useKeptOpen(rowKey, false);
  return (
    <div class="removed">
      <div class="quiet removed-line">
        <LinkButton expanded={open} onClick={() => setOpen(!open)}>
          {open ? strings.hideRemoved : strings.showRemoved(format.number(turns.length), turns.length)}
        </LinkButton>
      </div>
      {open ? (
        <section class="removed-turns" aria-label={strings.removedNote}>
          <p class="quiet">{strings.removedNote}</p>
          {turns.map((turn) => (
            <RemovedTurn key={turn.id} turn={turn} />
          ))}
        </section>
      ) : null}
    </div>
  );
});

function RemovedTurn(props: { readonly turn: Turn }): VNode {
  const { strings, store } = usePage();
  const { turn } = props;
  const again = (): void => store.set({ draft: turn.question, focusRequests: store.get().focusRequests + 1 });
  return (
    <article class="removed-turn" aria-label={turn.question}>
      <div class="question">
        <div class="bubble">
          <span class="break pre-wrap">{turn.question}</span>
        </div>
        <div class="question-tools">
          <IconButton icon="reply" label={strings.askRemovedAgain} onClick={again} />
        </div>
      </div>
      {turn.blocks.map((block) => (
        <ErrorBoundary key={block.id} scope="block">
          <RemovedBlock turnId={turn.id} block={block} />
        </ErrorBoundary>
      ))}
    </article>
  );
}

function RemovedBlock(props: { readonly turnId: string; readonly block: Block }): VNode | null {
  const { turnId, block } = props;
  switch (block.kind) {
    case "text":
      return <TextView rowKey={`${turnId}:${block.id}`} turnId={turnId} block={block} speaker={null} />;
    case "cell":
      return <Cell block={block} superseded={false} endTold={false} />;
    case "notice":
      return <Notice block={block} />;
    case "passages":
      return <Passages rowKey={`${turnId}:${block.id}`} block={block} />;
    case "tool":
      return <ToolCall rowKey={`${turnId}:${block.id}`} block={block} />;
    case "select":
      return null;
  }
}
