import { createContext } from "preact";
import { useContext, useState } from "preact/hooks";
import type { Params, RequestName, Result } from "../../src/agents/protocol/page.ts";
import { useStore } from "./components/use-store.ts";
import type { KeptState } from "./store/kept-state.ts";
import type { PageState } from "./store/page-state.ts";
import type { Store } from "./store/store.ts";
import type { Strings } from "./strings/en.ts";
import type { Format } from "./text/format.ts";

/** What every component may use. Changes only with the language. */
export interface Page {
  readonly store: Store<PageState>;
  readonly kept: KeptState;
  readonly strings: Strings;
  readonly format: Format;
  /** Asks the extension; a problem is shown at the bottom of the page and answered with `null` here. */
  readonly request: <R extends RequestName>(name: R, params: Params<R>) => Promise<Result<R> | null>;
  /** Sends a question, or puts it into the composer when it cannot be sent now. */
  readonly ask: (text: string, agent?: string | null) => void;
  /** Says something to a screen reader. Returns what takes it back where it still stands. */
  readonly announce: (text: string) => () => void;
}

export const PageContext = createContext<Page | null>(null);

/** @throws when a component stands outside the page. */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) {
    throw new Error("A component needs the page around it.");
  }

  return page;
}

/** A part of the page's state; the component is drawn again when that part is another value. */
export function useSelected<T>(select: (state: PageState) => T): T {
  return useStore(usePage().store, select);
}

/** Whether something is open, remembered when the page is destroyed. */
export function useKeptOpen(key: string, initially: boolean): readonly [boolean, (open: boolean) => void] {
  const { kept } = usePage();
  const [open, setOpen] = useState(kept.get().open[key] ?? initially);
  return [
    open,
    (next) => {
      setOpen(next);
      kept.set({ open: { ...kept.get().open, [key]: next } });
    },
  ];
}
