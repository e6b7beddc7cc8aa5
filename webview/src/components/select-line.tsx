import type { VNode } from "preact";
import type { Message } from "../../../src/agents/protocol/message.ts";
import type { SelectBlock } from "../../../src/agents/protocol/session-state.ts";
import { useKeptOpen, usePage } from "../page-context.ts";
import { Icon } from "./controls.tsx";
import { Markdown } from "./markdown.tsx";
import { memo } from "./memo.ts";

/** Who answers, and behind it every message that the agents exchanged. */
export const SelectLine = memo(function SelectLine(props: {
  readonly rowKey: string;
  readonly block: SelectBlock;
  readonly messages: readonly Message[];
}): VNode {
  const { block, messages } = props;
  const { strings, format } = usePage();
  const [open, setOpen] = useKeptOpen(`messages:${props.rowKey}`, false);
  const facts = [
    block.durationMs === 0 ? "" : format.duration(block.durationMs),
    messages.length === 0 ? "" : strings.messages(format.number(messages.length), messages.length),
  ].filter((fact) => fact !== "");
  const line = (
    <>
      <Icon name="check" class="good" />
      <span class="grow break">
        {strings.selectedBy[block.how]} <b>{block.agent}</b>
        {facts.map((fact) => (
          <span key={fact} class="nowrap">
            {" "}
            · {fact}
          </span>
        ))}
      </span>
    </>
  );
  if (messages.length === 0) {
    return <div class="step">{line}</div>;
  }

  return (
    <div class="step-with-messages">
      <button type="button" class="step fold-line" aria-expanded={open} onClick={() => setOpen(!open)}>
        {line}
        <Icon name={open ? "chevron-down" : "chevron-right"} />
      </button>
      {open ? (
        <ol class="messages">
          {messages.map((message) => (
            <li key={message.id}>
              <div class="message-head">{strings.messageTo(message.from, message.to)}</div>
              <Markdown text={message.content} complete />
            </li>
          ))}
        </ol>
      ) : null}
    </div>
  );
});
