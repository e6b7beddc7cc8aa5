import {
  Virtualizer,
  type VirtualizerOptions,
  elementScroll,
  observeElementOffset,
  observeElementRect,
} from "@tanstack/virtual-core";
import type { RefObject, VNode } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Row, estimateRowHeight, isReplayed } from "../rows/session-rows.ts";
import { usePage } from "../page-context.ts";
import { IconButton } from "./controls.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { MessageRow } from "./message-row.tsx";
import { useShownTurn } from "./use-shown-turn.ts";
import { useEndWatch, useFollowingEnd } from "./use-following-end.ts";

type List = Virtualizer<HTMLDivElement, HTMLDivElement>;

/**
 * The rows of a session, of which only those in view are drawn. Follows the end while a turn grows, unless the person
 * scrolled away from it; opens where it was left.
 */
export function MessageList(props: {
  readonly rows: readonly Row[];
  /** Id of the last turn; another one is gone to. */
  readonly newestTurn: string | null;
}): VNode {
  const { rows, newestTurn } = props;
  const { strings, kept } = usePage();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const watch = useEndWatch(scroller, newestTurn);
  const fromEnd = newestTurn !== null && kept.get().scroll === null;
  const list = useVirtualizer({ rows, scroller, fromEnd, onMove: () => watch.noteOwnMove() });
  const end = useFollowingEnd({ list, rows, newestTurn, watch, scroller, content });
  useShownTurn({ list, rows, watch, scroller });
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
                class={`row row-${row.kind}${isReplayed(row) ? " row-replayed" : ""}`}
              >
                {isReplayed(row) ? <span class="sr-only">{strings.fromEarlierRun}: </span> : null}
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

interface ListOptions {
  readonly rows: readonly Row[];
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly fromEnd: boolean;
  /** The list moved itself, because rows above turned out larger or smaller than thought. */
  readonly onMove: () => void;
}

function useVirtualizer({ rows, scroller, fromEnd, onMove }: ListOptions): List {
  const [, redraw] = useState<object>({});
  const options: VirtualizerOptions<HTMLDivElement, HTMLDivElement> = {
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimateRowHeight(rows[index]),
    getItemKey: (index) => rows[index]?.key ?? index,
    observeElementRect,
    observeElementOffset,
    scrollToFn(offset, how, instance) {
      elementScroll(offset, how, instance);
      onMove();
    },
    overscan: 4,
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    // A session that opens at its end is drawn there at once, not first at its start. One that fits never scrolls, so
    // nothing would ever correct an offset above its start.
    initialOffset: () => (fromEnd ? Math.max(0, totalEstimate(rows) - window.innerHeight) : 0),
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
