import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Session } from "../../../src/agents/protocol/session-state.ts";
import { createRowMaker } from "../rows/session-rows.ts";
import { usePage, useSelected } from "../page-context.ts";
import { spokenAnswer } from "../text/answer-text.ts";
import { Composer, ProblemBar } from "./composer.tsx";
import { MessageList } from "./message-list.tsx";
import { useAnnouncedSources } from "./use-announced-sources.ts";

/** The shown session and the composer under it. */
export function Chat(): VNode {
  const { strings } = usePage();
  const session = useSelected((state) => state.session);
  const settings = useSelected((state) => state.settings);
  const noModel = useSelected(
    ({ models }) => models !== null && models.choice === null && (!models.looking || models.sources.length > 0),
  );
  const makeRows = useMemo(createRowMaker, []);
  const trusted = settings?.trusted ?? true;
  const rows = useMemo(() => makeRows(session, { trusted, noModel }), [session, trusted, noModel]);
  useAnnouncedAnswers(session);
  useAnnouncedSources(session);
  if (settings === null) {
    return (
      <main class="loading" aria-busy="true">
        <div class="skeleton" role="status">
          <span class="sr-only">{strings.loading}</span>
          <div class="bone wide" />
          <div class="bone" />
          <div class="bone narrow" />
        </div>
      </main>
    );
  }

  return (
    <>
      <MessageList key={session.id} rows={rows} newestTurn={session.turns.at(-1)?.id ?? null} />
      <ProblemBar />
      <Composer />
    </>
  );
}

const longestSpoken = 600;

/** Says each answer once, when it is whole; a stream of words would never let a screen reader finish a sentence. */
function useAnnouncedAnswers(session: Session): void {
  const { strings, announce } = usePage();
  // Before what the new session itself has to say.
  useLayoutEffect(() => {
    announce("");
  }, [session.id]);
  const said = useRef<{ readonly session: string; readonly ids: Set<string> } | null>(null);
  useEffect(() => {
    const turn = session.turns.at(-1);
    const answers = (turn?.blocks ?? []).filter(
      (block) => block.kind === "text" && block.role === "answer" && block.complete,
    );
    const opened = said.current?.session !== session.id;
    const ids = opened ? new Set<string>() : (said.current?.ids ?? new Set<string>());
    said.current = { session: session.id, ids };
    for (const answer of answers) {
      const id = `${turn?.id ?? ""}:${answer.id}`;
      if (!ids.has(id) && !opened && answer.kind === "text") {
        const spoken = spokenAnswer(answer);
        announce(spoken.length > longestSpoken ? strings.answerReady : strings.answered(spoken));
      }

      ids.add(id);
    }
  }, [session]);
}
