import type { VNode } from "preact";
import type { Message } from "../../../src/agents/protocol/message.ts";
import { useAgentsPage } from "./agents-context.ts";
import { useReplay } from "./replay-context.ts";

/** Where a message comes from, in a run that was played again; empty elsewhere, and for what is anew. */
export function useOrigin({ id }: Message): string {
  const { strings } = useAgentsPage();
  const { replay } = useReplay().run;
  if (replay === undefined) {
    return "";
  }

  return replay.changed === id ? strings.changed : replay.messages.includes(id) ? strings.fromEarlierRun : "";
}

/** Who said it to whom, and where it comes from. */
export function Speaker(props: { readonly message: Message; readonly says: string }): VNode {
  const { message, says } = props;
  const origin = useOrigin(message);
  return (
    <p class="speaker">
      <b>{message.from}</b> <span class="quiet">{says}</span> {message.to}
      {origin === "" ? null : <span class="quiet origin">{origin}</span>}
    </p>
  );
}
