import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Session } from "../../../src/agents/protocol/session-state.ts";
import { useKeptOpen, usePage, useSelected } from "../page-context.ts";
import { isLong } from "../text/long-text.ts";
import { Button, Icon, IconButton, LinkButton } from "./controls.tsx";
import { memo } from "./memo.ts";

interface QuestionProps {
  readonly turnId: string;
  readonly question: string;
  /** The agent that was called for. */
  readonly agent: string | null;
  /** Not while an answer is being made. */
  readonly editable: boolean;
}

/** What the person asked; may be edited and sent again, which replaces everything after it. */
export const Question = memo(function Question(props: QuestionProps): VNode {
  const { strings, request } = usePage();
  const [editing, setEditing] = useState(false);
  const [whole, setWhole] = useKeptOpen(`question:${props.turnId}`, false);
  const long = isLong(props.question);
  if (editing) {
    return <QuestionEditor {...props} onClose={() => setEditing(false)} />;
  }

  return (
    <div class="question">
      <div class="bubble">
        <span class="sr-only">{strings.you}: </span>
        {props.agent === null ? null : <b class="called">@{props.agent} </b>}
        <span class={long && !whole ? "break pre-wrap folded" : "break pre-wrap"}>{props.question}</span>
        {long ? (
          <div class="quiet">
            <LinkButton expanded={whole} onClick={() => setWhole(!whole)}>
              {whole ? strings.foldQuestion : strings.wholeQuestion}
            </LinkButton>
          </div>
        ) : null}
      </div>
      {props.editable ? (
        <div class="question-tools">
          <IconButton icon="edit" label={strings.editQuestion} onClick={() => setEditing(true)} />
          <IconButton
            icon="refresh"
            label={strings.retry}
            onClick={() => void request("turn-retry", { turnId: props.turnId })}
          />
        </div>
      ) : null}
    </div>
  );
});

function QuestionEditor(props: QuestionProps & { readonly onClose: () => void }): VNode {
  const { strings, format, request } = usePage();
  const later = useSelected(({ session }) => turnsAfter(session, props.turnId));
  const [text, setText] = useState(props.question);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    area.current?.focus();
    area.current?.setSelectionRange(text.length, text.length);
  }, []);
  const send = (): void => {
    if (text.trim() !== "") {
      void request("turn-edit", { turnId: props.turnId, text: text.trim() });
      props.onClose();
    }
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.isComposing) {
      return;
    }

    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      props.onClose();
    }
  };
  return (
    <div class="question-editor" onKeyDown={keys}>
      <textarea
        ref={area}
        aria-label={strings.editQuestion}
        rows={Math.min(10, text.split("\n").length + 1)}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {later === 0 ? null : (
        <div class="line top quiet replaces" role="note">
          <Icon name="warning" class="warning" />
          <span class="grow">{strings.replacesLater(format.number(later), later)}</span>
        </div>
      )}
      <div class="actions">
        <Button primary disabled={text.trim() === ""} onClick={send}>
          {strings.resend}
        </Button>
        <Button onClick={props.onClose}>{strings.cancel}</Button>
      </div>
    </div>
  );
}

function turnsAfter({ turns }: Session, turnId: string): number {
  return turns.length - 1 - turns.findIndex((turn) => turn.id === turnId);
}
