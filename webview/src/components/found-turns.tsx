import type { VNode } from "preact";
import type { FoundTurn } from "../../../src/agents/protocol/page.ts";
import { usePage } from "../page-context.ts";

/** Questions of earlier conversations that a search found; each opens its conversation there. */
export function FoundTurns(props: { readonly turns: readonly FoundTurn[] }): VNode | null {
  const { strings } = usePage();
  return props.turns.length === 0 ? null : (
    <section class="found-turns" aria-label={strings.foundQuestions}>
      <h2 class="quiet">{strings.foundQuestions}</h2>
      <ul class="session-list">
        {props.turns.map((turn) => (
          <TurnLine key={turn.turnId} turn={turn} />
        ))}
      </ul>
    </section>
  );
}

function TurnLine(props: { readonly turn: FoundTurn }): VNode {
  const { strings, format, request, store } = usePage();
  const { sessionId, turnId, title, question, at, excerpt } = props.turn;
  const named = title === "" ? strings.untitled : title;
  const facts = [at === null ? "" : format.moment(at, Date.now()), named === question ? "" : named];
  const open = (): void => {
    store.set({ view: "chat" });
    void request("turn-open", { sessionId, turnId });
  };
  return (
    <li class="session-line">
      <button type="button" class="session-open" aria-label={strings.openQuestion(question, named)} onClick={open}>
        <span class="cut session-title">{question}</span>
        <span class="found-excerpt break">{excerpt}</span>
        <span class="cut quiet">{facts.filter(Boolean).join(" · ")}</span>
      </button>
    </li>
  );
}
