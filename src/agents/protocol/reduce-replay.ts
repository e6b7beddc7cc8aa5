import type { TurnEvent } from "./reduce-turn.ts";
import type { SessionEvent } from "./session-event.ts";
import type { Block, Session, Turn, TurnReplay } from "./session-state.ts";

type Replays = NonNullable<Extract<SessionEvent, { type: "turn-start" }>["replays"]>;

/** A replay that has just begun. */
export function newReplay({ turnId, messageId }: Replays): TurnReplay {
  return { turnId, messageId, messages: [], changed: null, end: null };
}

/** Notes what of a turn is from the log of an earlier run. A block that anything is added to anew is not any more. Pure. */
export function reduceReplay(before: Turn, after: Turn, event: TurnEvent): Turn {
  const { replay } = after;
  if (replay === undefined) {
    return after;
  }

  if (event.type === "replay-end") {
    return { ...after, replay: { ...replay, end: event.how, changed: event.messageId } };
  }

  const isReplayed = "replayed" in event && event.replayed === true;
  if (event.type === "message") {
    return isReplayed ? { ...after, replay: { ...replay, messages: [...replay.messages, event.message.id] } } : after;
  }

  const known = new Map(before.blocks.map((block) => [block.id, block]));
  const blocks = after.blocks.map((block) => {
    const old = known.get(block.id);
    return block === old ? block : marked(block, isReplayed && (old === undefined || old.replayed === true));
  });
  return { ...after, blocks };
}

function marked(block: Block, replayed: boolean): Block {
  return replayed || block.replayed === true ? { ...block, replayed } : block;
}

/**
 * The turn in whose place a run is played again: the run itself where it stands, else whatever took its place; `null` where
 * the questions before it are gone, so that it cannot go on from where it did.
 */
export function placeOfReplay({ turns, removed }: Pick<Session, "turns" | "removed">, turnId: string): string | null {
  if (turns.some(({ id }) => id === turnId)) {
    return turnId;
  }

  const removal = removed.find((one) => one.turns[0]?.id === turnId);
  return removal === undefined ? null : placeOfReplay({ turns, removed }, removal.by);
}
