import type { VNode } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { Citation } from "../../../src/agents/protocol/citation.ts";
import type { Session, TextBlock } from "../../../src/agents/protocol/session-state.ts";
import { usePage } from "../page-context.ts";
import type { Marks } from "../text/citation-marks.ts";
import { placeOf, placeWords } from "../text/place-words.ts";
import { CitationCard, type ShownMark } from "./citation-card.tsx";
import { Markdown, type NameMark } from "./markdown.tsx";
import { useMarkPointer } from "./use-mark-pointer.ts";

/** A text whose marks open the places that they cite, and show them where they are pointed at. */
export function CitedText(props: { readonly turnId: string; readonly block: TextBlock }): VNode {
  const { block, turnId } = props;
  const { text, complete, citations, doubts } = block;
  const { strings, request, store } = usePage();
  const marks = useMemo(() => marksOf(citations, doubts), [citations, doubts]);
  const card = useRef<HTMLDivElement>(null);
  const id = `citation-card-${turnId}-${block.id}`;

  const find = (element: HTMLElement): ShownMark | null => {
    const { cite, doubt } = element.dataset;
    const citation = citations.find(({ number }) => String(number) === cite);
    const doubted = doubts.find(({ number }) => String(number) === doubt);
    return citation !== undefined
      ? { kind: "citation", citation, passage: passageOf(store.get().session, turnId, citation) }
      : doubted === undefined
        ? null
        : { kind: "doubt", doubt: doubted };
  };
  const pointer = useMarkPointer(card, find);
  const open = (event: Event): void => {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>(".cite") : null;
    const mark = element === null ? null : find(element);
    if (mark?.kind === "citation") {
      pointer.hide();
      void request("place-open", placeOf(mark.citation));
    } else if (element !== null) {
      pointer.show(element);
    }
  };
  const press = (event: KeyboardEvent): void => {
    if (
      (event.key === "Enter" || event.key === " ") &&
      event.target instanceof Element &&
      event.target.matches(".cite")
    ) {
      event.preventDefault();
      open(event);
    }
  };
  const nameMark: NameMark = (kind, number) => {
    const citation = citations.find((other) => other.number === number);
    return kind === "doubt" || citation === undefined
      ? strings.doubt
      : strings.citation(String(number), placeWords(citation, strings));
  };
  return (
    <div class="cited" {...pointer.events} onClick={open} onKeyDown={press}>
      <Markdown text={text} complete={complete} marks={marks} nameMark={nameMark} />
      {pointer.shown === null ? null : (
        <CitationCard id={id} anchor={pointer.shown.anchor} mark={pointer.shown.mark} cardRef={card} />
      )}
    </div>
  );
}

function marksOf(citations: TextBlock["citations"], doubts: TextBlock["doubts"]): Marks {
  return {
    citations: new Set(citations.map(({ number }) => number)),
    doubts: new Set(doubts.map(({ number }) => number)),
  };
}

function passageOf({ turns, removed }: Session, turnId: string, { passage, path }: Citation) {
  const turn = [...turns, ...removed.flatMap((entry) => entry.turns)].find((other) => other.id === turnId);
  const read = (turn?.blocks ?? []).flatMap((block) => (block.kind === "passages" ? block.passages : []));
  return read.find((other) => other.number === passage && other.path === path) ?? null;
}
