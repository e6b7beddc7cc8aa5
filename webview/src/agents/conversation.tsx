import type { VNode } from "preact";
import type { Message } from "../../../src/agents/protocol/message.ts";
import { useAgentsPage } from "./agents-context.ts";
import { MessageText } from "./message-text.tsx";
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
            <p class="speaker">
              <b>{message.from}</b> <span class="quiet">{strings.kinds[messageKind(message)]}</span> {message.to}
            </p>
            <MessageText text={message.content} />
          </li>
        ))}
      </ol>
      {more}
    </section>
  );
}
