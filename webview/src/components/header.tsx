import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { usePage, useSelected } from "../page-context.ts";
import { IconButton } from "./controls.tsx";
import { Menu, type MenuItem } from "./popover.tsx";
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
          {session.unremembered === true ? (
            <IconButton
              icon="eye-closed"
              label={strings.sessionForgotten}
              onClick={() => void request("session-remember", { remembered: true })}
            />
          ) : null}
          <IconButton icon="history" label={strings.sessions} onClick={() => store.set({ view: "sessions" })} />
          <MoreMenu />
        </>
      )}
    </header>
  );
}

function MoreMenu(): VNode {
  const { strings, request } = usePage();
  const memory = useMemoryItems();
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
            ...memory,
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

/** What can be done about memory; nothing where the workspace is not trusted. */
function useMemoryItems(): readonly MenuItem[] {
  const { strings, request } = usePage();
  const remembers = useSelected(({ settings }) => settings?.remembers);
  const { unremembered = false, turns } = useSelected((state) => state.session);
  if (remembers === undefined) {
    return [];
  }

  const label = unremembered ? strings.rememberSession : strings.forgetSession;
  const ofSession: MenuItem = {
    label,
    icon: unremembered ? "eye" : "eye-closed",
    onSelect: () => void request("session-remember", { remembered: unremembered }),
  };
  return [
    ...(remembers && (turns.length > 0 || unremembered) ? [ofSession] : []),
    {
      label: remembers ? strings.switchMemoryOff : strings.switchMemoryOn,
      icon: remembers ? "circle-slash" : "lightbulb",
      onSelect: () => void request("memory-switch", { on: !remembers }),
    },
    { label: strings.forgetEverything, icon: "trash", onSelect: () => void request("memory-forget", {}) },
  ];
}
