import {
  Virtualizer,
  type VirtualizerOptions,
  elementScroll,
  observeElementOffset,
  observeElementRect,
} from "@tanstack/virtual-core";
import type { RefObject, VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Row, estimateRowHeight } from "../rows/session-rows.ts";
import { usePage } from "../page-context.ts";
import { IconButton } from "./controls.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { MessageRow } from "./message-row.tsx";

type List = Virtualizer<HTMLDivElement, HTMLDivElement>;

/** Pixels from the end within which the list counts as being there. */
const nearEnd = 48;

/**
 * The rows of a session, of which only those in view are drawn. Follows the end while a turn grows, unless the person
 * scrolled away from it; opens where it was left.
 */
export function MessageList(props: { readonly rows: readonly Row[]; readonly turns: number }): VNode {
  const { rows, turns } = props;
  const { strings, kept } = usePage();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const list = useVirtualizer(rows, scroller, turns > 0 && kept.get().scroll === null);
  const end = useFollowingEnd({ list, rows, turns, scroller, content });
  const items = list.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = list.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <main class="messages-area">
      <div class="messages-scroller" ref={scroller} tabIndex={0} aria-label={strings.conversation} role="region">
        <div
          ref={content}
          class="messages-content"
          role="log"
          aria-live="off"
          aria-label={strings.conversation}
          style={{ paddingTop: `${before}px`, paddingBottom: `${after}px` }}
        >
          {items.map((item) => {
            const row = rows[item.index];
            return row === undefined ? null : (
              <div
                key={row.key}
                data-index={item.index}
                data-key={row.key}
                ref={list.measureElement}
                class={`row row-${row.kind}`}
              >
                <ErrorBoundary scope="block">
                  <MessageRow row={row} />
                </ErrorBoundary>
              </div>
            );
          })}
        </div>
      </div>
      {end.away ? (
        <div class="jump">
          <IconButton icon="arrow-down" label={strings.jumpToLatest} onClick={end.jump} />
        </div>
      ) : null}
    </main>
  );
}

function useVirtualizer(rows: readonly Row[], scroller: RefObject<HTMLDivElement | null>, fromEnd: boolean): List {
  const [, redraw] = useState<object>({});
  const options: VirtualizerOptions<HTMLDivElement, HTMLDivElement> = {
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimateRowHeight(rows[index]),
    getItemKey: (index) => rows[index]?.key ?? index,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    overscan: 4,
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    // A session that opens at its end is drawn there at once, not first at its start.
    initialOffset: () => (fromEnd ? totalEstimate(rows) - window.innerHeight : 0),
    onChange: () => redraw({}),
  };
  const list = useMemo(() => new Virtualizer(options), []);
  list.setOptions(options);
  // oxlint-disable-next-line eslint/no-underscore-dangle -- how its adapters start it
  useLayoutEffect(() => list._didMount(), []);
  // oxlint-disable-next-line eslint/no-underscore-dangle -- how its adapters update it
  useLayoutEffect(() => list._willUpdate());
  return list;
}

function totalEstimate(rows: readonly Row[]): number {
  return rows.reduce((total, row) => total + estimateRowHeight(row), 0);
}

interface FollowOptions {
  readonly list: List;
  readonly rows: readonly Row[];
  readonly turns: number;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
}

interface End {
  /** Whether the end is out of sight. */
  readonly away: boolean;
  readonly jump: () => void;
}

function useFollowingEnd(options: FollowOptions): End {
  const { scroller, content, turns } = options;
  const { kept } = usePage();
  const [away, setAway] = useState(false);
  const follows = useRef(turns > 0 && kept.get().scroll === null);
  const lastTop = useRef(0);
  const toEnd = (): void => {
    const element = scroller.current;
    if (element !== null && follows.current) {
      element.scrollTop = element.scrollHeight;
      lastTop.current = element.scrollTop;
    }
  };
  useLayoutEffect(toEnd);
  useRestoredScroll(options);

  const turnsBefore = useRef(turns);
  useLayoutEffect(() => {
    if (turns > turnsBefore.current) {
      follows.current = true;
      toEnd();
    }

    turnsBefore.current = turns;
  }, [turns]);

  useEffect(() => {
    const element = scroller.current;
    const inner = content.current;
    if (element === null || inner === null) {
      return undefined;
    }

    const onScroll = (): void => {
      const distance = element.scrollHeight - element.scrollTop - element.clientHeight;
      if (distance <= nearEnd) {
        follows.current = turns > 0;
      } else if (element.scrollTop < lastTop.current - 1) {
        follows.current = false;
      }

      lastTop.current = element.scrollTop;
      setAway(turns > 0 && !follows.current && distance > nearEnd);
      kept.set({ scroll: follows.current ? null : topRow(element) });
    };
    const sizes = new ResizeObserver(toEnd);
    sizes.observe(inner);
    sizes.observe(element);
    // Captured, so that it is known where the person went before the list redraws itself and goes to its end.
    element.addEventListener("scroll", onScroll, { passive: true, capture: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", onScroll, { capture: true });
    };
  }, [turns > 0]);

  return {
    away,
    jump() {
      follows.current = true;
      setAway(false);
      toEnd();
      scroller.current?.focus({ preventScroll: true });
    },
  };
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
