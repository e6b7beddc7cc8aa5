import type { MarkerReading } from "./marker-reading.ts";

/** Longer quotes are cut off: no marker is held back for ever. */
const longestMarker = 3_000;

/** What closes a quote, by the mark that opens it. */
export const quoteClosers: Readonly<Record<string, string>> = {
  '"': '"”“',
  "“": '”"“',
  "”": '”"',
  "„": '“”"',
  "＂": "＂",
  "«": "»",
  "「": "」",
  "『": "』",
  "‘": "’",
  "'": "'’",
  "`": "`",
};

/** As a class of a pattern. */
export const quoteOpeners = `[${Object.keys(quoteClosers).join("")}]`;
const toNextQuote = new RegExp(`^\\s*(?:\\.{3}|…|,|，|、|;|；|and|和)?\\s*(${quoteOpeners})`, "u");
const toNextEntry = new RegExp(
  `^\\s*[;；,，]\\s*(?:(?:passages?|段落)\\s*)?#?(\\d{1,3})\\s*[:：,]\\s*(${quoteOpeners})`,
  "iu",
);
const mayGoOnToEntry = /^\s*(?:[;；,，]\s*(?:[a-z]{0,8}|[段落]{0,2})\s*#?\d{0,3}\s*[:：,]?\s*)?$/iu;

interface Entry {
  readonly passage: number;
  readonly quote: string;
}

/** A quote that was opened. */
export interface QuoteStart {
  readonly passage: number;
  /** Behind the mark that opens the quote. */
  readonly at: number;
  readonly opener: string;
  /** The bracket that closes the marker; empty where the closing quotation mark does. */
  readonly closer: string;
  readonly ended: boolean;
}

/** Reads the quotes of a marker from the first on: `"words"]`, `"words"; 3: "others"]`. */
export function readQuotes(text: string, { passage, at, opener, closer, ended }: QuoteStart): MarkerReading {
  const entries: Entry[] = [];
  let current = { passage, opener, from: at };
  for (let index = at; index < text.length; index += 1) {
    if (!closes(text, index, current.opener) || opensBrackets(text.slice(current.from, index))) {
      continue;
    }

    const entry = { passage: current.passage, quote: unescaped(text.slice(current.from, index)) };
    const behind = text.slice(index + 1);
    const length = lengthToClose(behind, closer);
    if (length !== null) {
      return marked([...entries, entry], index + 1 + length);
    }

    const next = nextQuote(behind, current.passage);
    if (next !== null) {
      entries.push(entry);
      current = { ...next, from: index + 1 + next.length };
      index = current.from - 1;
    } else if (!ended && mayGoOnToEntry.test(behind)) {
      return { status: "wait" };
    }
  }

  return unclosed(text, { entries, current, closer, ended });
}

/** Whether a quote so far has opened brackets that it has not closed, as code does. */
function opensBrackets(quote: string): boolean {
  return quote.split("[").length > quote.split("]").length;
}

function closes(text: string, index: number, opener: string): boolean {
  return quoteClosers[opener]?.includes(text.charAt(index)) === true && text[index - 1] !== "\\";
}

/** A closing bracket as a pattern. */
export function closing(closer: string): string {
  return closer === "]" || closer === ")" ? `\\${closer}` : closer;
}

/** How much follows a closing quotation mark up to the end of the marker; `null` where that does not follow. */
function lengthToClose(behind: string, closer: string): number | null {
  return closer === "" ? 0 : (new RegExp(`^\\s*[.。]?\\s*${closing(closer)}`, "u").exec(behind)?.[0].length ?? null);
}

/** The quote that follows in the same marker, of another passage or of the same. */
function nextQuote(behind: string, passage: number) {
  const [toEntry, number, entryOpener] = toNextEntry.exec(behind) ?? [];
  if (toEntry !== undefined) {
    return { passage: Number(number), opener: entryOpener ?? '"', length: toEntry.length };
  }

  const [toQuote, opener] = toNextQuote.exec(behind) ?? [];
  return toQuote === undefined ? null : { passage, opener: opener ?? '"', length: toQuote.length };
}

function marked(entries: readonly Entry[], length: number): MarkerReading {
  return { status: "marker", marker: { kind: "quoted", entries: entries.filter(({ quote }) => quote !== "") }, length };
}

/** A quote whose end has not come: held back for a while, then ended where its bracket closes or the line ends. */
function unclosed(
  text: string,
  {
    entries,
    current,
    closer,
    ended,
  }: {
    readonly entries: readonly Entry[];
    readonly current: { readonly passage: number; readonly from: number };
    readonly closer: string;
    readonly ended: boolean;
  },
): MarkerReading {
  const paragraph = text.search(/\r?\n\s*\n/u);
  if (!ended && paragraph < 0 && text.length < longestMarker) {
    return { status: "wait" };
  }

  const bracket = closer === "" ? -1 : text.indexOf(closer, current.from);
  const lineEnd = text.indexOf("\n", current.from);
  const end = bracket >= 0 ? bracket : lineEnd >= 0 ? lineEnd : text.length;
  const quote = unescaped(text.slice(current.from, end).replace(/["”“’'`»」』]\s*[.。]?\s*$/u, ""));
  return marked([...entries, { passage: current.passage, quote }], bracket >= 0 ? end + 1 : end);
}

/** `[2: words without quotation marks]`. */
export function readPlainWords(
  text: string,
  { passage, at, closer, ended }: Pick<QuoteStart, "passage" | "at" | "closer" | "ended">,
): MarkerReading {
  const end = text.indexOf(closer, at);
  const line = text.indexOf("\n", at);
  if (end >= 0 && (line < 0 || end < line)) {
    const quote = text.slice(at, end).trim();
    return marked([{ passage, quote }], end + 1);
  }

  return ended || line >= 0 || text.length > longestMarker ? { status: "none" } : { status: "wait" };
}

function unescaped(quote: string): string {
  return quote.replaceAll(/\\(["'“”])/gu, "$1").trim();
}
