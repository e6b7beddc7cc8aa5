import { useEffect, useRef } from "preact/hooks";
import type { Session } from "../../../src/agents/protocol/session-state.ts";
import { usePage } from "../page-context.ts";
import { sourceName, stateLines } from "../text/source-words.ts";

/** Says to a screen reader when what is asked about has been read; how far it is would be too much to hear. */
export function useAnnouncedSources({ id, sources }: Session): void {
  const { strings, format, announce } = usePage();
  const reading = useRef<{ readonly session: string; readonly ids: ReadonlySet<string> }>({
    session: "",
    ids: new Set(),
  });
  useEffect(() => {
    const before = reading.current.session === id ? reading.current.ids : new Set<string>();
    const busy = sources.filter(({ state }) => state === null || state.status === "indexing");
    reading.current = { session: id, ids: new Set(busy.map((source) => source.id)) };
    const ended = sources.filter(
      ({ id: sourceId, state }) => before.has(sourceId) && state !== null && "files" in state,
    );
    if (ended.length > 0) {
      const said = ended.map((source) => [sourceName(source, strings), ...stateLines(source.state, strings, format)]);
      announce(said.map((lines) => lines.join(". ")).join(". "));
    }
  }, [id, sources]);
}
