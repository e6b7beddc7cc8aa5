import type { Virtualizer } from "@tanstack/virtual-core";
import { type RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Row } from "../rows/session-rows.ts";
import { usePage } from "../page-context.ts";
import type { KeptState } from "../store/kept-state.ts";

/** Pixels from the end within which the list counts as being there. */
const nearEnd = 48;
/** After a key or a turn of the wheel away from the end, a movement may take this long to get going. Milliseconds. */
const leavingMs = 400;
/** Share of the view that a page key passes. */
const pageShare = 0.9;

interface FollowOptions {
  readonly list: Virtualizer<HTMLDivElement, HTMLDivElement>;
  readonly rows: readonly Row[];
  readonly newestTurn: string | null;
  readonly watch: EndWatch;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
}

interface End {
  /** Whether the end is out of sight and not being gone to. */
  readonly away: boolean;
  readonly jump: () => void;
}

/** Keeps the end of the list in view while it grows, until the person goes elsewhere; a new turn brings it back. */
export function useFollowingEnd(options: FollowOptions): End {
  const { scroller, content, newestTurn, watch } = options;
  const [away, setAway] = useState(false);
  useLayoutEffect(() => watch.goToEnd());
  useRestoredScroll(options);

  const turnBefore = useRef(newestTurn);
  useLayoutEffect(() => {
    if (newestTurn !== null && newestTurn !== turnBefore.current) {
      watch.follow();
    }

    turnBefore.current = newestTurn;
  }, [newestTurn]);

  const asked = newestTurn !== null;
  useEffect(() => {
    const inner = content.current;
    return inner === null ? undefined : watch.start(inner, asked, setAway);
  }, [asked]);

  return {
    away,
    jump() {
      watch.follow();
      setAway(false);
      scroller.current?.focus({ preventScroll: true });
    },
  };
}

/** The watch over the end of a list, which it follows unless the list opens where it was left. */
export function useEndWatch(scroller: RefObject<HTMLDivElement | null>, newestTurn: string | null): EndWatch {
  const { kept } = usePage();
  const watch = useRef<EndWatch | null>(null);
  watch.current ??= new EndWatch(scroller, kept, newestTurn !== null && kept.get().scroll === null);
  return watch.current;
}

/** Whether the list is at its end, and whether it is to stay there. */
export class EndWatch {
  readonly #scroller: RefObject<HTMLDivElement | null>;
  readonly #kept: KeptState;
  #follows: boolean;
  #lastTop = 0;
  #lastHeight = 0;
  #leavingUntil = 0;

  constructor(scroller: RefObject<HTMLDivElement | null>, kept: KeptState, follows: boolean) {
    this.#scroller = scroller;
    this.#kept = kept;
    this.#follows = follows;
  }

  follow(): void {
    this.#follows = true;
    this.#leavingUntil = 0;
    this.goToEnd();
  }

  /** The end is followed no longer. */
  stay(): void {
    this.#follows = false;
  }

  goToEnd(): void {
    const element = this.#scroller.current;
    if (element === null || !this.#follows || this.#isLeaving()) {
      return;
    }

    if (this.#wentUp(element)) {
      this.#follows = false;
    } else {
      element.scrollTop = element.scrollHeight;
      this.noteOwnMove();
    }
  }

  /** The page itself moved the list: not the person. */
  noteOwnMove(): void {
    this.#lastTop = this.#scroller.current?.scrollTop ?? 0;
    this.#lastHeight = this.#scroller.current?.scrollHeight ?? 0;
  }

  /** Watches scrolling, sizes, keys and the wheel. Returns what stops it. */
  start(content: HTMLElement, asked: boolean, onAway: (away: boolean) => void): (() => void) | undefined {
    const element = this.#scroller.current;
    if (element === null) {
      return undefined;
    }

    const look = (): void => onAway(asked && !this.#follows && distanceToEnd(element) > nearEnd);
    const onScroll = (): void => {
      this.#noteScroll(element, asked);
      look();
    };
    const onWheel = ({ deltaY }: WheelEvent): void => this.#leave(deltaY < 0);
    const onKey = (event: KeyboardEvent): void => {
      if (event.target === element && !event.ctrlKey && !event.metaKey && !event.altKey && this.#press(event.key)) {
        event.preventDefault();
      }
    };
    const sizes = new ResizeObserver(() => {
      this.goToEnd();
      look();
    });
    sizes.observe(content);
    sizes.observe(element);
    // Captured, so that it is known where the person went before the list redraws itself and goes to its end.
    element.addEventListener("scroll", onScroll, { passive: true, capture: true });
    element.addEventListener("wheel", onWheel, { passive: true });
    element.addEventListener("keydown", onKey);
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", onScroll, { capture: true });
      element.removeEventListener("wheel", onWheel);
      element.removeEventListener("keydown", onKey);
    };
  }

  /**
   * Goes where a key leads, at once: the gliding of the browser would end where rows that come into view turn out to be
   * larger than thought. Whether it was such a key.
   */
  #press(key: string): boolean {
    const element = this.#scroller.current;
    if (element === null) {
      return false;
    }

    const page = element.clientHeight * pageShare;
    this.#leave(key === "ArrowUp");
    switch (key) {
      case "Home":
        element.scrollTop = 0;
        return true;
      case "End":
        this.follow();
        return true;
      case "PageUp":
        element.scrollTop -= page;
        return true;
      case "PageDown":
        element.scrollTop += page;
        return true;
      default:
        return false;
    }
  }

  /** A movement that starts slowly would be undone by the next growth, so growth waits for it. */
  #leave(isLeaving: boolean): void {
    if (isLeaving) {
      this.#leavingUntil = performance.now() + leavingMs;
    }
  }

  #isLeaving(): boolean {
    return performance.now() < this.#leavingUntil;
  }

  /** Whether somebody moved the list up; one that became shorter moves by itself, as one whose view grew at its end. */
  #wentUp(element: HTMLElement): boolean {
    const step = this.#isLeaving() ? 0 : 1;
    const isHigher = element.scrollTop < this.#lastTop - step;
    return isHigher && element.scrollHeight >= this.#lastHeight && distanceToEnd(element) > 1;
  }

  #noteScroll(element: HTMLElement, asked: boolean): void {
    const distance = distanceToEnd(element);
    if (this.#wentUp(element)) {
      this.#follows = false;
    } else if (distance <= 1 || (distance <= nearEnd && element.scrollTop > this.#lastTop + 1)) {
      this.#follows = asked;
    }

    this.noteOwnMove();
    this.#kept.set({ scroll: this.#follows ? null : topRow(element) });
  }
}

function distanceToEnd(element: HTMLElement): number {
  return element.scrollHeight - element.scrollTop - element.clientHeight;
}

/** Goes back to the row that was at the top when the page was left; twice, since heights are known only once drawn. */
function useRestoredScroll(options: FollowOptions): void {
  const { kept } = usePage();
  const { list, rows, scroller } = options;
  useLayoutEffect(() => {
    const { scroll } = kept.get();
    const index = scroll === null ? -1 : rows.findIndex((row) => row.key === scroll.key);
    if (scroll === null || index === -1) {
      return;
    }

    const restore = (): void => {
      const start = list.getOffsetForIndex(index, "start")?.[0];
      if (scroller.current !== null && start !== undefined) {
        scroller.current.scrollTop = start + scroll.offset;
      }
    };
    restore();
    requestAnimationFrame(() => requestAnimationFrame(restore));
  }, []);
}

function topRow(scroller: HTMLElement): { key: string; offset: number } | null {
  const top = scroller.getBoundingClientRect().top;
  for (const row of scroller.querySelectorAll<HTMLElement>(".row")) {
    const box = row.getBoundingClientRect();
    if (box.bottom > top) {
      return { key: row.dataset["key"] ?? "", offset: top - box.top };
    }
  }

  return null;
}
