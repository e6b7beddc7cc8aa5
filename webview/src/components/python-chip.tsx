import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { usePage, useSelected } from "../page-context.ts";
import { Icon } from "./controls.tsx";
import { Menu, type MenuItem } from "./popover.tsx";

/** The Python that will run, or why there is none; opens what can be done about it. */
export function PythonChip(): VNode | null {
  const { strings, request } = usePage();
  const python = useSelected((state) => state.python);
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  if (python === null || python.status === "unknown") {
    return null;
  }

  const { status, label, advice } = python;
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
