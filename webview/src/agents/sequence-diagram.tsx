import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Message } from "../../../src/agents/protocol/message.ts";
import { useAgentsPage } from "./agents-context.ts";
import { MessageBody } from "./message-body.tsx";
import { Speaker, useOrigin } from "./message-origin.tsx";
import { useReplay } from "./replay-context.ts";
import { messageKind, participants } from "./run-figures.ts";
import { useCapped } from "./use-capped.tsx";

const wordsOnLine = 200;

/** Who spoke to whom, one line a message, from the first to the last; a line opens to the whole message. */
export function SequenceDiagram({ messages }: { readonly messages: readonly Message[] }): VNode {
  const { strings } = useAgentsPage();
  const [drawn, more] = useCapped(messages);
  const [current, setCurrent] = useState(0);
  const { draft } = useReplay();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(draft === null ? [] : [draft.messageId]));
  const list = useRef<HTMLOListElement>(null);
  const names = participants(messages);
  const toggle = (id: string): void => {
    const next = new Set(open);
    if (!next.delete(id)) {
      next.add(id);
    }

    setOpen(next);
  };
  const move = (event: KeyboardEvent): void => {
    const target = targetOf(event.key, current, drawn.length);
    if (target !== undefined) {
      event.preventDefault();
      setCurrent(target);
      list.current?.querySelectorAll<HTMLElement>(".message-line")[target]?.focus();
    }
  };
  return (
    <section aria-label={strings.diagram}>
      <div class="diagram scroll" style={{ "--lanes": String(names.length) }}>
        <div class="lanes names">
          {names.map((name) => (
            <div key={name} class="lane-name" title={name}>
              <span>{name}</span>
            </div>
          ))}
        </div>
        <ol ref={list} onKeyDown={move}>
          {drawn.map((message, index) => (
            <MessageLine
              key={message.id}
              message={message}
              number={index + 1}
              lanes={[names.indexOf(message.from), names.indexOf(message.to)]}
              isCurrent={index === Math.min(current, drawn.length - 1)}
              isOpen={open.has(message.id)}
              onToggle={() => {
                setCurrent(index);
                toggle(message.id);
              }}
            />
          ))}
        </ol>
      </div>
      {more}
    </section>
  );
}

function targetOf(key: string, current: number, count: number): number | undefined {
  const targets: { readonly [key: string]: number } = {
    ArrowDown: Math.min(current + 1, count - 1),
    ArrowUp: Math.max(current - 1, 0),
    Home: 0,
    End: count - 1,
  };
  return targets[key];
}

function MessageLine(props: {
  readonly message: Message;
  /** Counted from 1. */
  readonly number: number;
  /** Where it comes from and where it goes. */
  readonly lanes: readonly [number, number];
  readonly isCurrent: boolean;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}): VNode {
  const { strings } = useAgentsPage();
  const { message, number, lanes, isOpen } = props;
  const kind = messageKind(message);
  const origin = useOrigin(message);
  const isChanged = useReplay().run.replay?.changed === message.id;
  const words = message.content.slice(0, wordsOnLine).replaceAll(/\s+/gu, " ").trim() || strings.empty;
  const [left, right] = [Math.min(...lanes), Math.max(...lanes)];
  const place = { gridColumn: `${left + 1} / ${right + 2}`, "--span": String(right - left + 1) };
  const way = lanes[0] < lanes[1] ? "rightward" : "leftward";
  return (
    <li>
      <button
        type="button"
        class={origin === "" || isChanged ? "message-line lanes" : "message-line lanes known"}
        title={origin === "" ? undefined : origin}
        tabIndex={props.isCurrent ? 0 : -1}
        aria-expanded={isOpen}
        aria-label={`${number}. ${message.from} ${strings.kinds[kind]} ${message.to}: ${words}${origin === "" ? "" : ` (${origin})`}`}
        onClick={props.onToggle}
      >
        <span class={`arrow ${kind} ${way}`} style={place}>
          <span class="arrow-words">
            <span class="number">{number}</span>{" "}
            <span class="ends">
              {message.from} → {message.to}:{" "}
            </span>
            {isChanged ? <b>{origin}: </b> : null}
            {words}
          </span>
        </span>
      </button>
      {isOpen ? (
        <div class="opened">
          <Speaker message={message} says={strings.kinds[kind]} />
          <MessageBody message={message} />
        </div>
      ) : null}
    </li>
  );
}
