import type { VNode } from "preact";
import type { ReadPassage } from "../../../src/agents/protocol/citation.ts";
import type { PassagesBlock } from "../../../src/agents/protocol/session-state.ts";
import { useKeptOpen, usePage } from "../page-context.ts";
import { isLong } from "../text/long-text.ts";
import { headingOf, placeInFile, placeOf, placeWords } from "../text/place-words.ts";
import { withoutBlankLines } from "../text/quote-window.ts";
import { scoreWords } from "../text/score-words.ts";
import { Icon, LinkButton } from "./controls.tsx";
import { Fold } from "./fold.tsx";
import { memo } from "./memo.ts";

const shownAtFirst = 12;

/** What an agent read to answer: folded, unless nothing answers the question and these come nearest. */
export const Passages = memo(function Passages(props: {
  readonly rowKey: string;
  readonly block: PassagesBlock;
}): VNode {
  const { rowKey, block } = props;
  const { strings, format } = usePage();
  const { passages, how, query } = block;
  if (how === "nearest") {
    return (
      <section class="card passages-nearest" aria-label={strings.passagesNearest}>
        <div class="passages-title">
          <b>{strings.passagesNearest}</b> <span class="quiet">{strings.nearestNote}</span>
        </div>
        <PassageList rowKey={rowKey} passages={passages} />
      </section>
    );
  }

  if (passages.length === 0) {
    return (
      <div class="step">
        <Icon name="search" />
        <span class="grow break">{strings.passagesNone(query)}</span>
      </div>
    );
  }

  const files = new Set(passages.map(({ path }) => path)).size;
  const read = strings.sourcePassages(format.number(passages.length), passages.length);
  const ofConversations = passages.every(({ turn }) => turn !== undefined);
  const of = (ofConversations ? strings.earlierQuestions : strings.sourceFiles)(format.number(files), files);
  const summary = how === "whole" ? strings.passagesWhole(read, of) : strings.passagesRead(read, of, query);
  return (
    <Fold foldKey={`passages:${rowKey}`} class="passages" summary={<span class="break">{summary}</span>}>
      {() => (
        <div class="card">
          <PassageList rowKey={rowKey} passages={passages} />
        </div>
      )}
    </Fold>
  );
});

function PassageList(props: { readonly rowKey: string; readonly passages: readonly ReadPassage[] }): VNode {
  const { rowKey, passages } = props;
  const { strings, format } = usePage();
  const [all, setAll] = useKeptOpen(`all-passages:${rowKey}`, false);
  const shown = all ? passages : passages.slice(0, shownAtFirst);
  return (
    <>
      <ol class="passage-list">
        {shown.map((passage, index) => (
          <PassageItem key={index} itemKey={`${rowKey}:${index}`} passage={passage} />
        ))}
      </ol>
      {passages.length > shownAtFirst ? (
        <div class="card-part quiet">
          <LinkButton expanded={all} onClick={() => setAll(!all)}>
            {all ? strings.fewerPassages : strings.morePassages(format.number(passages.length - shownAtFirst))}
          </LinkButton>
        </div>
      ) : null}
    </>
  );
}

function PassageItem(props: { readonly itemKey: string; readonly passage: ReadPassage }): VNode {
  const { passage } = props;
  const { strings, format, request } = usePage();
  const [whole, setWhole] = useKeptOpen(`passage:${props.itemKey}`, false);
  const text = withoutBlankLines(passage.text).trim();
  const cut = isLong(text);
  const facts = [headingOf(passage, strings), ...scoreWords(passage, strings, format)].filter((fact) => fact !== "");
  return (
    <li class="passage">
      <div class="passage-head">
        <button
          type="button"
          class="link-button passage-place"
          title={strings.openAt(placeWords(passage, strings))}
          aria-label={strings.openAt(placeWords(passage, strings))}
          onClick={() => void request("place-open", placeOf(passage))}
        >
          <span class="cut">{passage.name}</span>
          <span class="passage-lines">{placeInFile(passage, strings)}</span>
        </button>
      </div>
      {facts.length === 0 ? null : <div class="quiet break">{facts.join(" · ")}</div>}
      <div class={cut && !whole ? "passage-text pre-wrap break shortened" : "passage-text pre-wrap break"}>{text}</div>
      {cut ? (
        <div class="quiet">
          <LinkButton expanded={whole} onClick={() => setWhole(!whole)}>
            {whole ? strings.foldPassage : strings.wholePassage}
          </LinkButton>
        </div>
      ) : null}
    </li>
  );
}
