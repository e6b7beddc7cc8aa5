import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { SessionSummary } from "../../../src/agents/protocol/page.ts";
import { usePage, useSelected } from "../page-context.ts";
import { IconButton, TextField } from "./controls.tsx";
import { RenameField } from "./rename-field.tsx";

const searchPauseMs = 150;

/** Every session that is kept: searched, opened, renamed, deleted. */
export function SessionList(): VNode {
  const { strings } = usePage();
  const all = useSelected((state) => state.sessions);
  const [text, setText] = useState("");
  const found = useSearch(text, all);
  const shown = found ?? all;
  return (
    <main class="sessions" aria-label={strings.sessions}>
      {all.length === 0 ? null : (
        <TextField class="search" icon="search" value={text} label={strings.searchSessions} onInput={setText} />
      )}
      {shown.length === 0 ? (
        <p class="quiet pad" role="status">
          {all.length === 0 ? strings.noSessions : strings.noSessionsFound(text.trim())}
        </p>
      ) : (
        <ul class="session-list">
          {shown.map((session) => (
            <SessionLine key={session.id} session={session} />
          ))}
        </ul>
      )}
    </main>
  );
}

function SessionLine(props: { readonly session: SessionSummary }): VNode {
  const { strings, format, request, store } = usePage();
  const { session } = props;
  const current = useSelected((state) => state.session.id === session.id);
  const [renaming, setRenaming] = useState(false);
  const title = session.title === "" ? strings.untitled : session.title;
  // A session that is called after its files need not say them again.
  const isFileTitle = session.title === session.files.join(", ");
  const facts = [
    format.moment(session.updatedAt, Date.now()),
    strings.turns(format.number(session.turns), session.turns),
    isFileTitle ? "" : session.files.join(strings.listSeparator),
  ];
  const open = (): void => {
    store.set({ view: "chat" });
    void request("session-open", { sessionId: session.id });
  };
  if (renaming) {
    return (
      <li class="session-line">
        <RenameField
          title={title}
          onDone={(text) => {
            setRenaming(false);
            if (text !== null && text !== session.title) {
              void request("session-rename", { sessionId: session.id, title: text });
            }
          }}
        />
      </li>
    );
  }

  return (
    <li class={current ? "session-line current" : "session-line"}>
      <button type="button" class="session-open" aria-current={current ? "true" : undefined} onClick={open}>
        <span class="cut session-title">{title}</span>
        <span class="cut quiet">{facts.filter(Boolean).join(" · ")}</span>
      </button>
      <IconButton icon="edit" label={strings.renameNamed(title)} onClick={() => setRenaming(true)} />
      <IconButton
        icon="trash"
        label={strings.deleteSession(title)}
        onClick={() => void request("session-delete", { sessionId: session.id })}
      />
    </li>
  );
}

/** What the extension finds for a text; `null` while there is nothing to look for. */
function useSearch(text: string, all: readonly SessionSummary[]): readonly SessionSummary[] | null {
  const { request } = usePage();
  const [found, setFound] = useState<readonly SessionSummary[] | null>(null);
  const latest = useRef("");
  const wanted = text.trim();
  useEffect(() => {
    latest.current = wanted;
    if (wanted === "") {
      setFound(null);
      return undefined;
    }

    const search = async (): Promise<void> => {
      const result = await request("session-search", { text: wanted });
      if (latest.current === wanted) {
        setFound(result?.sessions ?? []);
      }
    };
    const timer = setTimeout(() => void search(), searchPauseMs);
    return () => clearTimeout(timer);
  }, [wanted, all]);
  return found;
}
