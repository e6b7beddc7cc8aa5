import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import type { PythonState } from "../../../src/agents/protocol/page.ts";
import { usePage, useSelected } from "../page-context.ts";
import { Icon } from "./controls.tsx";
import { Menu, type MenuItem } from "./popover.tsx";

/** Told also where no code will run. */
const toldAnyway: ReadonlySet<string> = new Set(["untrusted", "installing"]);

/** The Python that will run, or why there is none; opens what can be done about it. Not there where only files are asked about. */
export function PythonChip(): VNode | null {
  const python = useSelected((state) => state.python);
  const asksOnly = useSelected(({ session }) => session.files.length === 0 && session.sources.length > 0);
  return python === null || python.status === "unknown" || (asksOnly && !toldAnyway.has(python.status)) ? null : (
    <Chip python={python} />
  );
}

function Chip(props: { readonly python: PythonState }): VNode {
  const { strings, request } = usePage();
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const { status, label, advice } = props.python;
  const lacking = status === "missing" || status === "limited";
  const warns = lacking || status === "untrusted" || status === "ended";
  const busy = status === "looking" || status === "installing";
  const name = status === "ready" ? label : strings.pythonStates[status];
  const items: readonly MenuItem[] =
    status === "untrusted"
      ? [{ label: strings.manageTrust, icon: "shield", onSelect: () => void request("trust-manage", {}) }]
      : [
          { label: strings.choosePython, icon: "symbol-misc", onSelect: () => void request("python-choose", {}) },
          ...(status === "limited"
            ? [
                {
                  label: strings.installPython,
                  icon: "cloud-download",
                  onSelect: () => void request("python-install", {}),
                },
              ]
            : []),
          { label: strings.showTerminal, icon: "terminal", onSelect: () => void request("terminal-show", {}) },
        ];
  return (
    <>
      <button
        ref={anchor}
        type="button"
        class={warns ? "pick python-pick lacking" : "pick python-pick"}
        title={[...new Set([name, label, advice])].filter(Boolean).join("\n")}
        aria-label={name}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name={busy ? "loading" : warns ? "warning" : "terminal"} spin={busy} />
        <span class="cut whole">{name}</span>
        <span class="cut short">{strings.pythonShort[status]}</span>
      </button>
      {open ? <Menu anchor={anchor} label={name} items={items} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
