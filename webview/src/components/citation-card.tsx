import type { RefObject, VNode } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { Citation, ClaimDoubt, ReadPassage } from "../../../src/agents/protocol/citation.ts";
import { usePage } from "../page-context.ts";
import { headingOf, placeInFile } from "../text/place-words.ts";
import { quoteWindow } from "../text/quote-window.ts";
import { Icon } from "./controls.tsx";
import { placeBeside } from "./popover.tsx";

/** What a mark in an answer stands for. */
export type ShownMark =
  | { readonly kind: "citation"; readonly citation: Citation; readonly passage: ReadPassage | null }
  | { readonly kind: "doubt"; readonly doubt: ClaimDoubt };

/** Beside a mark that is pointed at: the quoted words within their passage, or why there are none. */
export function CitationCard(props: {
  readonly id: string;
  readonly anchor: HTMLElement;
  readonly mark: ShownMark;
  readonly cardRef: RefObject<HTMLDivElement | null>;
}): VNode {
  const { id, anchor, mark, cardRef } = props;
  useLayoutEffect(() => {
    const card = cardRef.current;
    card?.showPopover();
    if (card !== null) {
      placeBeside(card, anchor);
    }
  }, [anchor, mark]);
  useLayoutEffect(() => {
    anchor.setAttribute("aria-describedby", id);
    return () => anchor.removeAttribute("aria-describedby");
  }, [anchor]);
  return (
    <div ref={cardRef} id={id} popover="manual" role="tooltip" class="popover citation-card">
      {mark.kind === "citation" ? <Cited {...mark} /> : <Doubted doubt={mark.doubt} />}
    </div>
  );
}

function Cited(props: { readonly citation: Citation; readonly passage: ReadPassage | null }): VNode {
  const { strings } = usePage();
  const { citation, passage } = props;
  const { before, quote, after } = quoteWindow(citation, passage);
  const heading = headingOf(citation, strings);
  return (
    <>
      <div class="citation-place">
        <b class="cut">{citation.name}</b>
        <span class="quiet">{placeInFile(citation, strings)}</span>
      </div>
      {heading === "" ? null : <div class="quiet break">{heading}</div>}
      <div class="citation-words pre-wrap break">
        {before}
        <mark>{quote}</mark>
        {after}
      </div>
      <div class="quiet">{strings.citationHint}</div>
    </>
  );
}

function Doubted(props: { readonly doubt: ClaimDoubt }): VNode {
  const { strings } = usePage();
  const { reason, quote } = props.doubt;
  return (
    <>
      <div class="line top">
        <Icon name="warning" class="warning" />
        <b class="grow">{strings.doubt}</b>
      </div>
      <div class="break">{strings.doubtReasons[reason]}</div>
      {quote === "" ? null : <div class="quiet citation-words pre-wrap break">{strings.doubtQuoted(quote)}</div>}
    </>
  );
}
