import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { Icon } from "./controls.tsx";
import { PlaceForm } from "./place-form.tsx";
import { Menu, type MenuItem } from "./popover.tsx";
import { usePlaceItems } from "./use-place-items.ts";

export interface PythonPickProps {
  readonly name: string;
  /** The tooltip: what is empty or said twice is left out. */
  readonly title: readonly string[];
  /** Its name where there is little room. */
  readonly short: string;
  readonly icon: string;
  /** Something is to be done about it, or known. */
  readonly warns: boolean;
  readonly busy: boolean;
  /** What its menu offers, given what is offered of moving the session. */
  readonly items: (moves: readonly MenuItem[]) => readonly MenuItem[];
}

/** The button in the composer that says which Python runs, and opens what can be done about it. */
export function PythonPick(props: PythonPickProps): VNode {
  const { name, warns } = props;
  const [open, setOpen] = useState<"menu" | "form" | null>(null);
  const anchor = useRef<HTMLButtonElement>(null);
  const { moving, choose, items } = usePlaceItems(() => setOpen("form"));
  const busy = props.busy || moving;
  const close = (): void => setOpen(null);
  return (
    <>
      <button
        ref={anchor}
        type="button"
        class={warns ? "pick python-pick lacking" : "pick python-pick"}
        title={[...new Set(props.title)].filter(Boolean).join("\n")}
        aria-label={name}
        aria-haspopup="menu"
        aria-expanded={open !== null}
        onClick={() => setOpen(open === null ? "menu" : null)}
      >
        <Icon name={busy ? "loading" : warns ? "warning" : props.icon} spin={busy} />
        <span class="cut whole">{name}</span>
        <span class="cut short">{props.short}</span>
      </button>
      {open === "menu" ? <Menu anchor={anchor} label={name} items={props.items(items)} onClose={close} /> : null}
      {open === "form" ? <PlaceForm anchor={anchor} onChoose={choose} onClose={close} /> : null}
    </>
  );
}
