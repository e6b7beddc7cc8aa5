import type { VNode } from "preact";
import type { CellBlock } from "../../../src/agents/protocol/session-state.ts";
import { usePage } from "../page-context.ts";
import { describeEffects } from "../text/describe-effects.ts";
import { Icon } from "./controls.tsx";

/** What the code does beyond computing, and what the reviewer said: nothing of both holds for code that was edited. */
export function EffectsLine(props: {
  readonly block: CellBlock;
  /** The code is being edited and is no longer what was read. */
  readonly edited?: boolean;
}): VNode | null {
  const { strings } = usePage();
  const { block } = props;
  if (block.phase === "writing") {
    return null;
  }

  if (block.edited || props.edited === true) {
    return props.edited === true ? (
      <div class="card-part effects">
        <div class="line top risky">
          <Icon name="warning" />
          <span class="grow break">{strings.editedUnread}</span>
        </div>
      </div>
    ) : null;
  }

  const effects = describeEffects(block.effects, strings);
  const risky = effects.risky || block.everyTime;
  const quietlyDone = block.phase === "ok" && !risky && block.review === null;
  if (quietlyDone) {
    return null;
  }

  return (
    <div class="card-part effects">
      <div class={risky ? "line top risky" : "line top quiet"}>
        <Icon name={risky ? "warning" : "info"} />
        <span class="grow break">{effects.text}</span>
      </div>
      {block.review === null ? null : (
        <div class="line top quiet">
          <Icon name={block.review.verdict === "approved" ? "pass" : "thumbsdown"} class={block.review.verdict} />
          <span class="grow break">
            {block.review.verdict === "approved"
              ? strings.reviewApproved(block.review.reviewer)
              : strings.reviewRejected(block.review.reviewer)}
            {block.review.comment === "" ? "" : `: ${block.review.comment}`}
          </span>
        </div>
      )}
    </div>
  );
}
