import type { VNode } from "preact";
import type { TextBlock } from "../../../src/agents/protocol/session-state.ts";
import { useKeptOpen, usePage } from "../page-context.ts";
import { type CitedFile, type CitedPlace, groupCitations } from "../text/group-citations.ts";
import { placeInFile, placeOf, placeWords } from "../text/place-words.ts";
import { Icon, LinkButton } from "./controls.tsx";

/** More places than this are folded. */
const shownAtFirst = 6;

/** Under an answer: every place that it cites, by file, and how much of it nothing supports. */
export function CitedSources(props: { readonly listKey: string; readonly block: TextBlock }): VNode | null {
  const { listKey, block } = props;
  const { strings, format } = usePage();
  const [all, setAll] = useKeptOpen(`cited:${listKey}`, false);
  const doubts = block.doubts.length;
  const files = groupCitations(block.citations);
  const places = files.reduce((count, file) => count + file.places.length, 0);
  const answer = bareText(block.text);
  const folds = places > shownAtFirst + 1;
  if (places === 0 && doubts === 0) {
    return null;
  }

  return (
    <section class="cited-sources" aria-label={strings.citedSources}>
      {doubts === 0 ? null : (
        <div class="line top quiet doubt-count">
          <Icon name="warning" class="warning" />
          <span class="grow">{strings.unsupportedCount(format.number(doubts), doubts)}</span>
        </div>
      )}
      {(folds && !all ? firstPlaces(files, shownAtFirst) : files).map((file) => (
        <FileOfSources key={file.path} file={file} answer={answer} />
      ))}
      {folds ? (
        <div class="quiet">
          <LinkButton expanded={all} onClick={() => setAll(!all)}>
            {all ? strings.fewerCitations : strings.moreCitations(format.number(places - shownAtFirst))}
          </LinkButton>
        </div>
      ) : null}
    </section>
  );
}

function FileOfSources(props: { readonly file: CitedFile; readonly answer: string }): VNode {
  const { name, path, places } = props.file;
  return (
    <div class="cited-file">
      <div class="cited-name cut" title={path}>
        {name}
      </div>
      <ul>
        {places.map((place) => (
          <PlaceLine key={place.numbers[0]} place={place} quoted={isQuoted(place.citation.quote, props.answer)} />
        ))}
      </ul>
    </div>
  );
}

/** `quoted`: the answer has the words already. */
function PlaceLine(props: { readonly place: CitedPlace; readonly quoted: boolean }): VNode {
  const { strings, request } = usePage();
  const { numbers, citation } = props.place;
  const words = placeWords(citation, strings);
  return (
    <li>
      <button
        type="button"
        class="cited-place"
        title={strings.openAt(words)}
        onClick={() => void request("place-open", placeOf(citation))}
      >
        <span class="cited-numbers">{numbers.join(", ")}</span>
        <span class="cited-words">
          <span class="cited-at">{placeInFile(citation, strings)}</span>{" "}
          {props.quoted ? null : <span class="quiet">{citation.quote}</span>}
        </span>
      </button>
    </li>
  );
}

function firstPlaces(files: readonly CitedFile[], most: number): readonly CitedFile[] {
  let left = most;
  return files.flatMap((file) => {
    const places = file.places.slice(0, left);
    left -= places.length;
    return places.length === 0 ? [] : [{ ...file, places }];
  });
}

/** A word or a figure may stand in an answer by chance. */
const fewestToBeQuoted = 12;

function isQuoted(quote: string, answer: string): boolean {
  const bare = bareText(quote);
  return bare.length >= fewestToBeQuoted && answer.includes(bare);
}

/** Letters and figures alone, so that a quote is known again however Markdown sets it. */
function bareText(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]+/gu, "");
}
