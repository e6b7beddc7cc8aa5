import type { Virtualizer } from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { usePage, useSelected } from "../page-context.ts";
import type { Row } from "../rows/session-rows.ts";
import type { EndWatch } from "./use-following-end.ts";

const markedMs = 2_500;

interface ShownTurnOptions {
  readonly list: Virtualizer<HTMLDivElement, HTMLDivElement>;
  readonly rows: readonly Row[];
  readonly watch: EndWatch;
  readonly scroller: RefObject<HTMLDivElement | null>;
}

/** Goes to the question of a turn that is asked for, and marks it for a moment. */
export function useShownTurn({ list, rows, watch, scroller }: ShownTurnOptions): void {
  const { store } = usePage();
  const turnId = useSelected((state) => state.turnToShow);
  useLayoutEffect(() => {
    const row = rows.find(({ kind, key }) => kind === "question" && key === questionKey(rows, turnId));
    if (turnId === null || row === undefined) {
      return;
    }

    store.set({ turnToShow: null });
    watch.stay();
    const go = (): void => {
      const start = list.getOffsetForIndex(rows.indexOf(row), "start")?.[0];
      if (scroller.current !== null && start !== undefined) {
        scroller.current.scrollTop = start;
        watch.noteOwnMove();
      }
    };
    go();
    // Heights are known only once rows are drawn.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        go();
        requestAnimationFrame(() => mark(scroller.current, row.key));
      }),
    );
  }, [turnId, rows]);
}

function questionKey(rows: readonly Row[], turnId: string | null): string | undefined {
  return rows.find((row) => row.kind === "question" && row.turn.id === turnId)?.key;
}

function mark(scroller: HTMLElement | null, key: string): void {
  const row = [...(scroller?.querySelectorAll<HTMLElement>(".row") ?? [])].find(
    (found) => found.dataset["key"] === key,
  );
  row?.classList.add("shown-turn");
  row?.querySelector<HTMLElement>("button, [tabindex]")?.focus({ preventScroll: true });
  setTimeout(() => row?.classList.remove("shown-turn"), markedMs);
}
