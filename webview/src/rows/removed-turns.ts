import type { Session, Turn } from "../../../src/agents/protocol/session-state.ts";

/**
 * What a turn took the place of, and what that had taken the place of before, oldest first. A question that came to
 * nothing and was asked again as it was is left out.
 */
export function removedBy({ removed }: Pick<Session, "removed">, turn: Turn): readonly Turn[] {
  const entry = removed.find(({ by }) => by === turn.id);
  if (entry === undefined) {
    return [];
  }

  return entry.turns
    .flatMap((before) => [...removedBy({ removed }, before), before])
    .filter((before) => before.question !== turn.question || before.blocks.some(({ kind }) => kind !== "select"));
}
