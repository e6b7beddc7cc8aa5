import { plainText } from "../plain-text.ts";
import type { Citation, ClaimDoubt, ReadPassage } from "../../protocol/citation.ts";
import type { CitedPlace } from "./citation-place.ts";
import { readMarker } from "./marker.ts";
import type { Marker } from "./marker-reading.ts";
import { findBareSupport, findQuotedPlace } from "./verify-marker.ts";
import { lastClaim } from "./last-claim.ts";
import { heldFrom, sentenceEndIn } from "./sentence-flow.ts";
import { StatementCheck } from "./statement-check.ts";
import { goesOnWithList, isListItem, withoutLeadIn } from "./uncited-claim.ts";

/** A piece of an answer as it is shown. What a mark means comes before the text that has it. */
export type CitedPiece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "citation"; readonly citation: Citation }
  | { readonly kind: "doubt"; readonly doubt: ClaimDoubt };

const special = /[[【［(（`|\n]/u;
const fence = /^ {0,3}(?:`{3,}|~{3,})/u;

/**
 * Reads an answer as it streams and turns the markers of a model into marks that were checked: `[1]` for words that stand
 * in a passage, `[?1]` for a claim without support. Code stays as it is; other text in brackets is no mark.
 */
export class CitationReader {
  readonly #passages: () => readonly ReadPassage[];
  readonly #check: StatementCheck;
  readonly #citations: Citation[] = [];
  readonly #doubts: ClaimDoubt[] = [];
  #pieces: CitedPiece[] = [];
  #buffer = "";
  #text = "";
  /** The line so far as it is shown, and the same without marks. */
  #line = "";
  #said = "";
  /** Words said since the last mark, across lines. */
  #claims = "";
  /** The last claim of the line that had a mark: another mark right behind it stands for the same. */
  #claim = "";
  #lineIsCited = false;
  #lineIsDoubted = false;
  /** The sentence so far, and what it cites; `null` where it cites nothing yet. Settled: doubted, or a lead-in. */
  #sentence = "";
  #quotes: string | null = null;
  #sentenceIsSettled = false;
  /** The line that rules off the head of a table has come. */
  #inTable = false;
  /** A line without citation led on to a list of which no item has come yet. */
  #leadsOn = false;
  #inFence = false;
  #code = "";

  constructor(question: string, passages: () => readonly ReadPassage[]) {
    this.#passages = passages;
    this.#check = new StatementCheck(question, passages);
  }

  /** Everything shown so far. */
  get text(): string {
    return this.#text;
  }

  get citations(): readonly Citation[] {
    return this.#citations;
  }

  get doubts(): readonly ClaimDoubt[] {
    return this.#doubts;
  }

  read(text: string): readonly CitedPiece[] {
    this.#buffer += text;
    this.#drain(false);
    return this.#taken();
  }

  /** Reads what was held back; the line ends. */
  end(): readonly CitedPiece[] {
    this.#drain(true);
    this.#endLine();
    return this.#taken();
  }

  /** Marks the answer as one that cites nothing. */
  doubtAll(): readonly CitedPiece[] {
    this.#doubt("not-cited", "");
    return this.#taken();
  }

  #taken(): readonly CitedPiece[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  #drain(ended: boolean): void {
    while (this.#buffer !== "") {
      const at = this.#buffer.search(special);
      const taken = at === 0 ? this.#readSpecial(ended) : this.#readPlain(at < 0 ? null : at, ended);
      if (taken === 0) {
        return;
      }

      this.#buffer = this.#buffer.slice(taken);
    }
  }

  /** Reads up to a special sign, sentence by sentence; where a sentence may end, what follows must come first. */
  #readPlain(at: number | null, ended: boolean): number {
    const plain = this.#buffer.slice(0, at ?? undefined);
    const length = at === null && !ended ? heldFrom(plain) : plain.length;
    let rest = plain.slice(0, length);
    while (rest !== "") {
      const end = this.#isCode ? null : sentenceEndIn(this.#sentence, rest);
      this.#say(rest.slice(0, end ?? undefined));
      rest = end === null ? "" : rest.slice(end);
      if (end !== null) {
        this.#endSentence();
      }
    }

    return length;
  }

  get #isCode(): boolean {
    return this.#inFence || this.#code !== "" || fence.test(this.#line);
  }

  /** @returns How much of the buffer was read; 0 where what follows must come first. */
  #readSpecial(ended: boolean): number {
    const sign = this.#buffer.charAt(0);
    if (sign === "\n") {
      return this.#breakLine(ended);
    }

    if (sign === "`") {
      return this.#readBackticks(ended);
    }

    if (this.#isCode) {
      this.#say(sign);
      return 1;
    }

    if (sign === "|") {
      return this.#readBar(ended);
    }

    const reading = readMarker(this.#buffer, { ended, atLineStart: this.#line.trim() === "" });
    if (reading.status === "wait" || (!ended && /^\[\?\d*$/u.test(this.#buffer))) {
      return 0;
    }

    if (reading.status === "marker" && this.#mark(reading.marker)) {
      return reading.length;
    }

    return this.#sayBracket();
  }

  /** The bar that closes a row of a table comes behind the row's doubt: nothing behind it is shown. */
  #readBar(ended: boolean): number {
    const isRow = this.#line.trimStart().startsWith("|");
    if (isRow && !ended && /^\|[^\S\n]*$/u.test(this.#buffer)) {
      return 0;
    }

    if (isRow && /^\|[^\S\n]*(?:\n|$)/u.test(this.#buffer)) {
      this.#endRow();
    }

    this.#say("|");
    return 1;
  }

  /** What only looks like a mark is written so that it is none. */
  #sayBracket(): number {
    const [mark] = /^\[\??\d+\](?![(])/u.exec(this.#buffer) ?? [];
    const isDefinition = this.#line.trim() === "" && /^\[\d+\]:/u.test(this.#buffer);
    if (mark === undefined || isDefinition) {
      this.#say(this.#buffer.charAt(0));
      return 1;
    }

    this.#say(`\\${mark.slice(0, -1)}\\]`, "");
    return mark.length;
  }

  #readBackticks(ended: boolean): number {
    const run = /^`+/u.exec(this.#buffer)?.[0] ?? "`";
    if (run.length === this.#buffer.length && !ended) {
      return 0;
    }

    const opensFence = run.length >= 3 && this.#line.trim() === "";
    if (!this.#inFence && !opensFence) {
      this.#code = this.#code === "" ? run : this.#code === run ? "" : this.#code;
    }

    this.#say(run);
    return run.length;
  }

  #breakLine(ended: boolean): number {
    const isFence = fence.test(this.#line);
    if (!isFence && !this.#inFence) {
      const isOpen = this.#isUncited(this.#said) || this.#isUnread();
      const leadsOn = isOpen && !this.#lineIsCited ? goesOnWithList(this.#buffer, ended) : false;
      if (leadsOn === null) {
        return 0;
      }

      this.#endLine(leadsOn && !isListItem(this.#said));
    }

    this.#inFence = isFence ? !this.#inFence : this.#inFence;
    this.#show("\n");
    this.#claims += "\n";
    this.#line = "";
    this.#said = "";
    this.#claim = "";
    this.#code = "";
    this.#lineIsCited = false;
    this.#lineIsDoubted = false;
    return 1;
  }

  /** Items of a list answer for the line that leads on to them: the first of them is doubted where it cites nothing. */
  #endLine(leadsOn = false): void {
    this.#endTableLine();
    this.#sentenceIsSettled ||= leadsOn || /[:：]\**\s*$/u.test(this.#said);
    this.#endSentence();
    const isOwed = this.#leadsOn && this.#said.trim() !== "";
    const isDoubted = this.#isUncited(leadsOn ? withoutLeadIn(this.#said) : this.#said);
    if (isDoubted || (isOwed && !this.#lineIsCited && !this.#lineIsDoubted)) {
      this.#doubt("not-cited", "");
    }

    this.#leadsOn = leadsOn || (this.#leadsOn && !isOwed);
  }

  /** Whether words of the line say what needs a citation and has none. */
  #isUncited(said: string): boolean {
    const isSettled = this.#inFence || this.#lineIsDoubted || this.#lineIsCited || fence.test(this.#line);
    return !isSettled && this.#check.isUncitedLine(said, this.#citations);
  }

  /** Whether the sentence so far states what stands in nothing that was read. */
  #isUnread(): boolean {
    const isSettled = this.#isCode || this.#sentenceIsSettled;
    return !isSettled && this.#check.isUnreadSentence(this.#sentence, this.#quotes, this.#line);
  }

  #endSentence(): void {
    if (this.#isUnread()) {
      this.#doubt(this.#quotes === null ? "not-cited" : "not-in-passages", "");
    }

    this.#sentence = "";
    this.#quotes = null;
    this.#sentenceIsSettled = false;
  }

  #endTableLine(): void {
    const isRow = this.#line.trimStart().startsWith("|");
    if (isRow && !this.#line.trimEnd().endsWith("|")) {
      this.#endRow();
    }

    this.#inTable = isRow && (this.#inTable || /^[\s|:-]*-[\s|:-]*$/u.test(this.#line));
  }

  #endRow(): void {
    if (this.#inTable && !this.#isCode && !this.#lineIsDoubted && this.#check.isUnreadRow(this.#said)) {
      this.#doubt(this.#lineIsCited ? "not-in-passages" : "not-cited", "");
    }
  }

  #say(text: string, words = text): void {
    this.#line += text;
    this.#said += words;
    this.#claims += words;
    this.#sentence += words;
    this.#show(text);
  }

  #show(text: string): void {
    this.#text += text;
    this.#pieces.push({ kind: "text", text });
  }

  /** @returns Whether the marker was one. */
  #mark(marker: Marker): boolean {
    const own = lastClaim(this.#claims);
    const isFurther = this.#lineIsCited && !/[\p{L}\p{N}]/u.test(own);
    const claim = isFurther ? this.#claim : own;
    this.#claim = claim;
    const passages = this.#passages();
    if (marker.kind === "bare") {
      return this.#markBare(marker, claim, passages);
    }

    const known = marker.entries.filter(
      ({ passage, quote }) => passages.some(({ number }) => number === passage) || quote.length > 3,
    );
    if (known.length === 0 || passages.length === 0) {
      return false;
    }

    for (const { passage, quote } of known) {
      const place = findQuotedPlace({ passage, quote, claim }, passages);
      if (place === null) {
        this.#doubt("not-in-passages", quote);
      } else {
        this.#sayQuote(place, claim);
        this.#cite(place);
      }
    }

    this.#claims = "";
    return true;
  }

  #markBare(
    { passages: numbers, round }: Extract<Marker, { kind: "bare" }>,
    claim: string,
    passages: readonly ReadPassage[],
  ): boolean {
    const known = numbers.flatMap((wanted) => passages.find(({ number }) => number === wanted) ?? []);
    const found = known.flatMap((passage) => findBareSupport(claim, passage) ?? []);
    if (known.length < numbers.length || claim === "") {
      return false;
    }

    if (found.length === 0 && this.#claims.trim() === "" && this.#lineIsCited) {
      return true;
    }

    if (found.length === 0) {
      const isIndex = /[\p{L}\p{N}_)\]]$/u.test(this.#line) && /[A-Za-z0-9_)\]]$/u.test(this.#line);
      if (round || numbers.length > 1 || isIndex) {
        return false;
      }

      this.#doubt("not-in-passages", "");
      return true;
    }

    found.forEach((place) => this.#cite(place));
    this.#claims = "";
    return true;
  }

  /** A mark without words of the model's own stands behind what it quotes. */
  #sayQuote({ quote }: CitedPlace, claim: string): void {
    if (!this.#lineIsCited && !/[\p{L}\p{N}]/u.test(claim + this.#said)) {
      this.#say(`${plainText(quote)} `, "");
    }
  }

  #cite(place: CitedPlace): void {
    const same = this.#citations.find(
      ({ path, start, end, quote }) =>
        path === place.path && start === place.start && end === place.end && quote === place.quote,
    );
    const citation = same ?? { ...place, number: this.#citations.length + 1 };
    if (same === undefined) {
      this.#citations.push(citation);
      this.#pieces.push({ kind: "citation", citation });
    }

    const mark = `[${citation.number}]`;
    this.#lineIsCited = true;
    this.#quotes = `${this.#quotes ?? ""}\n${place.quote}`;
    if (!this.#text.endsWith(mark)) {
      this.#addMark(mark);
    }
  }

  #doubt(reason: ClaimDoubt["reason"], quote: string): void {
    const doubt = { number: this.#doubts.length + 1, reason, quote };
    this.#doubts.push(doubt);
    this.#pieces.push({ kind: "doubt", doubt });
    this.#lineIsDoubted = true;
    this.#sentenceIsSettled = true;
    this.#addMark(`[?${doubt.number}]`);
  }

  #addMark(mark: string): void {
    this.#line += mark;
    this.#show(mark);
  }
}
