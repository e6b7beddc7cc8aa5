import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Message } from "../../../src/agents/protocol/message.ts";
import { useAgentsPage } from "./agents-context.ts";
import { MessageText } from "./message-text.tsx";
import { type MessageDraft, useReplay } from "./replay-context.ts";

/** The words of a message; where they can be changed, a person may put others in their place and have the run played again. */
export function MessageBody({ message }: { readonly message: Message }): VNode {
  const { strings } = useAgentsPage();
  const { later, draft, onDraft } = useReplay();
  if (later !== null && draft?.messageId === message.id) {
    return <MessageEditor message={message} draft={draft} later={later} />;
  }

  return (
    <>
      <MessageText text={message.content} />
      {later === null ? null : (
        <button
          type="button"
          class="link change"
          onClick={() => onDraft({ messageId: message.id, text: message.content })}
        >
          {strings.changeAndReplay}
        </button>
      )}
    </>
  );
}

function MessageEditor(props: {
  readonly message: Message;
  readonly draft: MessageDraft;
  readonly later: number;
}): VNode {
  const { strings } = useAgentsPage();
  const { run, onDraft, onReplay } = useReplay();
  const { message, draft, later } = props;
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    area.current?.focus();
    area.current?.setSelectionRange(draft.text.length, draft.text.length);
  }, []);
  const isQuestion = message.id === run.messages[0]?.id;
  const isEmpty = draft.text.trim() === "";
  const replay = (): void => {
    if (!isEmpty) {
      onReplay(draft);
    }
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.isComposing) {
      return;
    }

    // Keys of the list around it move from message to message.
    event.stopPropagation();
    if (event.key === "Escape") {
      onDraft(null);
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      replay();
    }
  };
  return (
    <div class="editor" onKeyDown={keys}>
      <textarea
        ref={area}
        aria-label={strings.newWords(message.from, message.to)}
        rows={Math.min(16, draft.text.split("\n").length + 1)}
        value={draft.text}
        onInput={(event) => onDraft({ messageId: message.id, text: event.currentTarget.value })}
      />
      <p class="quiet">{isQuestion ? strings.asksAnew : strings.replaysFrom}</p>
      {later === 0 ? null : <p role="note">{strings.replacesLater(later)}</p>}
      <div class="buttons">
        <button type="button" class="button primary" disabled={isEmpty} onClick={replay}>
          {strings.replay}
        </button>
        <button type="button" class="button" onClick={() => onDraft(null)}>
          {strings.cancel}
        </button>
      </div>
    </div>
  );
}
