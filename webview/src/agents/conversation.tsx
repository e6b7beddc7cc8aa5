import type { VNode } from "preact";
import type { Message } from "../../../src/agents/protocol/message.ts";
import { useAgentsPage } from "./agents-context.ts";
import { MessageBody } from "./message-body.tsx";
import { Speaker } from "./message-origin.tsx";
import { messageKind } from "./run-figures.ts";
import { useCapped } from "./use-capped.tsx";

/** What two said to each other, word for word. */
export function Conversation({ messages }: { readonly messages: readonly Message[] }): VNode {
  const { strings } = useAgentsPage();
  const [drawn, more] = useCapped(messages);
  return (
    <section aria-label={strings.conversation}>
      <ol class="conversation">
        {drawn.map((message) => (
          <li key={message.id} class={messageKind(message)}>
            <Speaker message={message} says={strings.kinds[messageKind(message)]} />
            <MessageBody message={message} />
          </li>
        ))}
      </ol>
      {more}
    </section>
  );
}
