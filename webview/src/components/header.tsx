import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { usePage, useSelected } from "../page-context.ts";
import { IconButton } from "./controls.tsx";
import { Menu } from "./popover.tsx";
import { RenameField } from "./rename-field.tsx";

/** The title of the session, renamed in place, and the ways to others. */
export function Header(): VNode {
  const { strings, request, store } = usePage();
  const view = useSelected((state) => state.view);
  const session = useSelected((state) => state.session);
  const [renaming, setRenaming] = useState(false);
  const title = session.title === "" ? strings.untitled : session.title;
  const inList = view === "sessions";
  const rename = (text: string | null): void => {
    setRenaming(false);
    if (text !== null && text !== session.title) {
      void request("session-rename", { sessionId: session.id, title: text });
    }
  };
  return (
    <header class="header">
      {inList ? (
        <>
          <IconButton icon="arrow-left" label={strings.backToChat} onClick={() => store.set({ view: "chat" })} />
          <h1 class="grow cut">{strings.sessions}</h1>
        </>
      ) : renaming ? (
        <RenameField title={title} onDone={rename} />
      ) : (
        <h1 class="grow">
          <button
            type="button"
            class="title cut"
            title={`${title}\n${strings.rename}`}
            aria-label={`${title}. ${strings.renameSession}`}
            onClick={() => setRenaming(true)}
          >
            {title}
          </button>
        </h1>
      )}
      <IconButton
        icon="add"
        label={strings.newSession}
        onClick={() => {
          store.set({ view: "chat" });
          void request("session-new", {});
        }}
      />
      {inList ? null : (
        <>
          <IconButton icon="history" label={strings.sessions} onClick={() => store.set({ view: "sessions" })} />
          <MoreMenu />
        </>
      )}
    </header>
  );
}

function MoreMenu(): VNode {
  const { strings, request } = usePage();
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLElement>(null);
  return (
    <>
      <IconButton
        icon="ellipsis"
        label={strings.more}
        menu
        expanded={open}
        buttonRef={anchor}
        onClick={() => setOpen(!open)}
      />
      {open ? (
        <Menu
          anchor={anchor}
          label={strings.more}
          onClose={() => setOpen(false)}
          items={[
            {
              label: strings.exportSession,
              icon: "export",
              onSelect: () => void request("session-export", { turnId: null }),
            },
            {
              label: strings.showTranscript,
              icon: "output",
              onSelect: () => void request("transcript-open", {}),
            },
            { label: strings.showTerminal, icon: "terminal", onSelect: () => void request("terminal-show", {}) },
            { label: strings.manageIndex, icon: "database", onSelect: () => void request("index-manage", {}) },
            {
              label: strings.settings,
              icon: "settings-gear",
              onSelect: () => void request("settings-open", { query: "byzer" }),
            },
          ]}
        />
      ) : null}
    </>
  );
}
