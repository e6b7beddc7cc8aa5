import type { VNode } from "preact";
import type { CellBlock } from "../../../src/agents/protocol/session-state.ts";
import { usePage } from "../page-context.ts";
import { describeEffects } from "../text/describe-effects.ts";
import { Icon } from "./controls.tsx";

/** What the code does beyond computing, and what the reviewer said. */
export function EffectsLine(props: { readonly block: CellBlock }): VNode | null {
  const { strings } = usePage();
  const { block } = props;
  if (block.phase === "writing") {
    return null;
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
