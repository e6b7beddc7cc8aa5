import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ShownMark } from "./citation-card.tsx";

/** A mark that is passed over on the way elsewhere shows nothing. */
const showAfterMs = 120;
/** Time to get from the mark to its card. */
const hideAfterMs = 200;

/** Which mark is pointed at or has the keyboard's focus. */
export interface MarkPointer {
  readonly shown: { readonly anchor: HTMLElement; readonly mark: ShownMark } | null;
  readonly show: (anchor: HTMLElement) => void;
  readonly hide: () => void;
  /** For the element around the marks. */
  readonly events: {
    readonly onPointerOver: (event: PointerEvent) => void;
    readonly onFocusIn: (event: FocusEvent) => void;
    readonly onFocusOut: () => void;
  };
}

/** Follows the pointer and the focus over marks; Escape, scrolling and going elsewhere hide what was shown. */
export function useMarkPointer(
  card: RefObject<HTMLElement | null>,
  find: (anchor: HTMLElement) => ShownMark | null,
): MarkPointer {
  const [shown, setShown] = useState<MarkPointer["shown"]>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const after = (waitMs: number, run: () => void): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(run, waitMs);
  };
  const hide = (): void => {
    clearTimeout(timer.current);
    setShown(null);
  };
  const show = (anchor: HTMLElement): void => {
    clearTimeout(timer.current);
    const mark = anchor.isConnected ? find(anchor) : null;
    setShown(mark === null ? null : { anchor, mark });
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useHiding({ open: shown !== null, card, hide, hideSoon: () => after(hideAfterMs, hide) });
  return {
    shown,
    show,
    hide,
    events: {
      onPointerOver(event) {
        const anchor = markOf(event.target);
        if (anchor !== null) {
          after(shown === null ? showAfterMs : 0, () => show(anchor));
        } else if (isWithin(card.current, event.target)) {
          clearTimeout(timer.current);
        } else if (shown === null) {
          clearTimeout(timer.current);
        }
      },
      onFocusIn(event) {
        const anchor = markOf(event.target);
        if (anchor?.matches(":focus-visible") === true) {
          show(anchor);
        }
      },
      onFocusOut: hide,
    },
  };
}

function useHiding(options: {
  readonly open: boolean;
  readonly card: RefObject<HTMLElement | null>;
  readonly hide: () => void;
  readonly hideSoon: () => void;
}): void {
  const { open, card, hide, hideSoon } = options;
  // At once: a key may come before the next frame.
  useLayoutEffect(() => {
    if (!open) {
      return undefined;
    }

    const stop = new AbortController();
    const { signal } = stop;
    const passed = (event: PointerEvent): void => {
      if (markOf(event.target) === null && !isWithin(card.current, event.target)) {
        hideSoon();
      }
    };
    const pressed = (event: KeyboardEvent): void => {
      if (event.key === "Escape") {
        event.stopPropagation();
        hide();
      }
    };
    const scrolled = (event: Event): void => {
      if (!isWithin(card.current, event.target)) {
        hide();
      }
    };
    document.addEventListener("pointerover", passed, { signal });
    document.documentElement.addEventListener("pointerleave", hideSoon, { signal });
    document.addEventListener("keydown", pressed, { signal, capture: true });
    document.addEventListener("scroll", scrolled, { signal, capture: true });
    return () => stop.abort();
  }, [open]);
}

function markOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(".cite") : null;
}

function isWithin(element: HTMLElement | null, target: EventTarget | null): boolean {
  return element !== null && target instanceof Node && element.contains(target);
}
