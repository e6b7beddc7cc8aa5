import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { FoundTurn, SessionSummary } from "../../../src/agents/protocol/page.ts";
import { usePage, useSelected } from "../page-context.ts";
import { IconButton, TextField } from "./controls.tsx";
import { FoundTurns } from "./found-turns.tsx";
import { RenameField } from "./rename-field.tsx";

const searchPauseMs = 150;

/** Every session that is kept: searched, opened, renamed, deleted. */
export function SessionList(): VNode {
  const { strings } = usePage();
  const all = useSelected((state) => state.sessions);
  const [text, setText] = useState("");
  const found = useSearch(text, all);
  const shown = found?.sessions ?? all;
  const turns = found?.turns ?? [];
  return (
    <main class="sessions" aria-label={strings.sessions}>
      {all.length === 0 ? null : (
        <TextField class="search" icon="search" value={text} label={strings.searchSessions} onInput={setText} />
      )}
      <div class="session-results">
        {shown.length > 0 ? (
          <ul class="session-list">
            {shown.map((session) => (
              <SessionLine key={session.id} session={session} />
            ))}
          </ul>
        ) : turns.length > 0 ? null : (
          <p class="quiet pad" role="status">
            {all.length === 0 ? strings.noSessions : strings.noSessionsFound(text.trim())}
          </p>
        )}
        <FoundTurns turns={turns} />
      </div>
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

/** What a search finds: sessions by their words, and questions as they are remembered. */
interface Found {
  readonly sessions: readonly SessionSummary[];
  readonly turns: readonly FoundTurn[];
}

/** What the extension finds for a text; `null` while there is nothing to look for. */
function useSearch(text: string, all: readonly SessionSummary[]): Found | null {
  const { request } = usePage();
  const remembers = useSelected(({ settings }) => settings?.remembers === true);
  const [found, setFound] = useState<Found | null>(null);
  const latest = useRef("");
  const wanted = text.trim();
  useEffect(() => {
    latest.current = wanted;
    if (wanted === "") {
      setFound(null);
      return undefined;
    }

    const search = async (): Promise<void> => {
      const turns = remembers ? request("turn-search", { text: wanted }) : null;
      const sessions = (await request("session-search", { text: wanted }))?.sessions ?? [];
      if (latest.current === wanted) {
        setFound((before) => ({ sessions, turns: before?.turns ?? [] }));
      }

      // Conversations may have to be read first: the sessions do not wait for it.
      const remembered = (await turns)?.turns ?? [];
      if (latest.current === wanted) {
        setFound({ sessions, turns: remembered });
      }
    };
    const timer = setTimeout(() => void search(), searchPauseMs);
    return () => clearTimeout(timer);
  }, [wanted, all, remembers]);
  return found;
}
