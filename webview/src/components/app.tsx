import type { VNode } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { type Host, RequestError } from "../host/host.ts";
import { type Page, PageContext } from "../page-context.ts";
import type { KeptState } from "../store/kept-state.ts";
import { type PageState, canAnswer, isRunning } from "../store/page-state.ts";
import type { Store } from "../store/store.ts";
import { stringsFor } from "../strings/strings.ts";
import { createFormat } from "../text/format.ts";
import { Chat } from "./chat.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { Header } from "./header.tsx";
import { SessionList } from "./session-list.tsx";
import { useStore } from "./use-store.ts";

interface AppProps {
  readonly host: Host;
  readonly store: Store<PageState>;
  readonly kept: KeptState;
  /** Spoken until the settings are known. BCP 47. */
  readonly firstLocale: string;
}

/** The whole page. */
export function App(props: AppProps): VNode {
  const { host, store, kept } = props;
  const live = useRef<HTMLDivElement>(null);
  const locale = useStore(store, (state) => state.settings?.locale ?? props.firstLocale);
  const view = useStore(store, (state) => state.view);
  const page = useMemo(() => createPage({ host, store, kept, locale, live }), [locale]);
  const [dropping, setDropping] = useState(false);
  document.documentElement.lang = locale;
  const dragging = (event: DragEvent): void => {
    event.preventDefault();
    setDropping(true);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setDropping(false);
    const uris = droppedUris(event.dataTransfer);
    // Of a file from outside the editor no more than its name may be told.
    const names = uris.length > 0 ? [] : [...(event.dataTransfer?.files ?? [])].map(({ name }) => name);
    if (uris.length > 0 || names.length > 0) {
      void page.request("file-drop", names.length > 0 ? { uris, names } : { uris });
    }
  };
  return (
    <PageContext.Provider value={page}>
      <div
        class="page"
        onDragOver={dragging}
        onDragLeave={(event) => setDropping(event.relatedTarget !== null && dropping)}
        onDrop={drop}
      >
        <ErrorBoundary scope="page" onReload={() => void page.request("page-ready", {})}>
          <Header />
          {view === "sessions" ? <SessionList /> : <Chat />}
        </ErrorBoundary>
        {dropping ? (
          <div class="drop-hint" aria-hidden="true">
            {page.strings.dropHere}
          </div>
        ) : null}
        <div ref={live} class="sr-only" role="status" aria-live="polite" aria-atomic="true" />
      </div>
    </PageContext.Provider>
  );
}

interface PageParts extends Omit<AppProps, "firstLocale"> {
  readonly locale: string;
  readonly live: { readonly current: HTMLElement | null };
}

function createPage(parts: PageParts): Page {
  const { host, store, kept, locale, live } = parts;
  const request: Page["request"] = async (name, params) => {
    try {
      return await host.request(name, params);
    } catch (error) {
      if (!(error instanceof RequestError)) {
        throw error;
      }

      store.set({ problem: error.problem });
      return null;
    }
  };
  return {
    store,
    kept,
    strings: stringsFor(locale),
    format: createFormat(locale),
    request,
    ask(text, agent = null) {
      if (text === "") {
        return;
      }

      const { session, focusRequests } = store.get();
      const lacksModel = !canAnswer(store.get(), agent);
      if (lacksModel || isRunning(session)) {
        store.set({ draft: text, focusRequests: focusRequests + 1, modelLacked: lacksModel });
        return;
      }

      const { draft } = store.get();
      store.set({ draft: "", problem: null, modelLacked: false });
      void request("chat-send", { text, agent }).then((result) => giveBack(store, result, draft === "" ? text : draft));
    },
    announce(text) {
      const region = live.current;
      // The same words twice are said twice only when they differ.
      const said = region?.textContent === text && text !== "" ? `${text}\u00A0` : text;
      region?.replaceChildren(said);
      return () => {
        if (region?.textContent === said) {
          region.replaceChildren();
        }
      };
    },
  };
}

/** A question that was refused goes back where it was written, unless something else stands there by now. */
function giveBack(store: Store<PageState>, result: object | null, text: string): void {
  if (result === null && store.get().draft === "") {
    store.set({ draft: text });
  }
}

function droppedUris(data: DataTransfer | null): string[] {
  const list = data?.getData("application/vnd.code.uri-list") || data?.getData("text/uri-list") || "";
  return list.split(/\r?\n/u).filter((line) => line !== "" && !line.startsWith("#"));
}
