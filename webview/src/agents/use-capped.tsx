import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Message } from "../../../src/agents/protocol/message.ts";
import { useAgentsPage } from "./agents-context.ts";

/** Messages that are drawn at first. */
const drawnAtFirst = 100;

/** The first of many messages, with a way to all. */
export function useCapped(messages: readonly Message[]): readonly [readonly Message[], VNode | null] {
  const { strings } = useAgentsPage();
  const [isAll, setAll] = useState(false);
  if (isAll || messages.length <= drawnAtFirst) {
    return [messages, null];
  }

  const more = (
    <button type="button" class="link more" onClick={() => setAll(true)}>
      {strings.showAll(messages.length)}
    </button>
  );
  return [messages.slice(0, drawnAtFirst), more];
}
