import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { usePage } from "../page-context.ts";
import { Icon } from "./controls.tsx";
import { Menu } from "./popover.tsx";

/** Under this name the whole workspace is found among its files. */
const workspaceName = "workspace";

/** The ways to say what a session is about: a table to analyze, or what to ask about. */
export function AddScope(): VNode {
  const { strings, request, store } = usePage();
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const addWorkspace = async (): Promise<void> => {
    const found = await request("file-find", { text: workspaceName });
    if (found === null) {
      return;
    }

    const roots = found.files.filter(({ kind }) => kind === "workspace");
    for (const { path } of roots) {
      void request("source-add", { path });
    }

    if (roots.length === 0) {
      store.set({ problem: { code: "source.no-workspace", message: strings.noWorkspace, details: {} } });
    }
  };
  return (
    <>
      <button
        ref={anchor}
        type="button"
        class="chip"
        title={strings.addFileHint}
        aria-label={strings.addScope}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="add" /> {strings.addScopeChip}
      </button>
      {open ? (
        <Menu
          anchor={anchor}
          label={strings.addScope}
          onClose={() => setOpen(false)}
          items={[
            { label: strings.addTable, icon: "table", onSelect: () => void request("file-pick", {}) },
            { label: strings.addFiles, icon: "file", onSelect: () => void request("source-pick", { kind: "files" }) },
            {
              label: strings.addFolder,
              icon: "folder",
              onSelect: () => void request("source-pick", { kind: "folder" }),
            },
            { label: strings.addWorkspace, icon: "root-folder", onSelect: () => void addWorkspace() },
          ]}
        />
      ) : null}
    </>
  );
}
