import type { ComponentChildren, RefObject, VNode } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./controls.tsx";

export interface PopoverProps {
  readonly anchor: RefObject<HTMLElement | null>;
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly role: "dialog" | "menu" | "listbox";
  readonly class?: string;
}

const gap = 4;

/** A panel beside its anchor, above everything; Escape and a click elsewhere close it, and the focus goes back. */
export function Popover(props: PopoverProps): VNode {
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = panel.current;
    const anchor = props.anchor.current;
    if (element === null || anchor === null) {
      return undefined;
    }

    element.showPopover();
    const place = (): void => placeBeside(element, anchor);
    place();
    const sizes = new ResizeObserver(place);
    sizes.observe(element);
    window.addEventListener("resize", place);
    return () => {
      sizes.disconnect();
      window.removeEventListener("resize", place);
    };
  }, []);
  useEffect(() => {
    const element = panel.current;
    const closed = (event: ToggleEvent): void => {
      if (event.newState === "closed") {
        props.onClose();
      }
    };
    element?.addEventListener("toggle", closed);
    return () => element?.removeEventListener("toggle", closed);
  });
  return (
    <div ref={panel} popover="auto" class={`popover ${props.class ?? ""}`} role={props.role} aria-label={props.label}>
      {props.children}
    </div>
  );
}

/** Below the anchor when it fits, else above; never past the edges of the page. */
export function placeBeside(element: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const below = window.innerHeight - at.bottom - 2 * gap;
  const above = at.top - 2 * gap;
  element.style.maxHeight = `${Math.max(below, above)}px`;
  const size = element.getBoundingClientRect();
  const top = size.height <= below || below >= above ? at.bottom + gap : Math.max(gap, at.top - size.height - gap);
  const left = Math.max(2 * gap, Math.min(at.left, window.innerWidth - size.width - 2 * gap));
  element.style.top = `${top}px`;
  element.style.left = `${left}px`;
}

export interface MenuItem {
  readonly label: string;
  readonly icon?: string;
  readonly onSelect: () => void;
}

/** A menu beside its anchor, by arrow keys, Home, End and Enter. */
export function Menu(props: {
  readonly anchor: RefObject<HTMLElement | null>;
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly onClose: () => void;
}): VNode {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus(), []);
  const move = (event: KeyboardEvent): void => {
    const items = [...(list.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = items.findIndex((item) => item === document.activeElement);
    const targets: Record<string, number> = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      event.preventDefault();
      items[target]?.focus();
    }
  };
  return (
    <Popover anchor={props.anchor} label={props.label} onClose={props.onClose} role="menu" class="menu">
      <div ref={list} role="presentation" onKeyDown={move}>
        {props.items.map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            tabIndex={-1}
            onClick={() => {
              props.onClose();
              props.anchor.current?.focus();
              item.onSelect();
            }}
          >
            {item.icon === undefined ? null : <Icon name={item.icon} />}
            {item.label}
          </button>
        ))}
      </div>
    </Popover>
  );
}
