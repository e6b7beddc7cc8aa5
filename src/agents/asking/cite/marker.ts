/** What a model wrote to say where a claim comes from. */
export type Marker =
  | { readonly kind: "quoted"; readonly entries: readonly { readonly passage: number; readonly quote: string }[] }
  /** `round`: in parentheses, which may mean something else. */
  | { readonly kind: "bare"; readonly passages: readonly number[]; readonly round: boolean };

/** What came of looking for a marker at the beginning of a text that may go on. */
export type MarkerReading =
  | { readonly status: "none" }
  /** Only what follows will tell. */
  | { readonly status: "wait" }
  | { readonly status: "marker"; readonly marker: Marker; readonly length: number };

/** Longer quotes are cut off: no marker is held back for ever. */
const longestMarker = 1_500;

const closers: Readonly<Record<string, string>> = { "[": "]", "【": "】", "［": "］", "(": ")", "（": "）" };
const quoteClosers: Readonly<Record<string, string>> = {
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
const quoteOpeners = `[${Object.keys(quoteClosers).join("")}]`;

const beginning = /^[[【［(（]\s*(?:(?:passages?|sources?|段落|来源|來源|引用|文段)\s*)?#?(\d{1,3})(?!\d)/iu;
const mayBegin = /^[[【［(（]\s*(?:[a-z]{0,8}|[段落来源來引用文]{0,2})\s*#?\d{0,3}$/iu;
const furtherNumbers = /^(?:\s*[,，、;；–-]\s*(?:(?:passages?|段落)\s*)?#?\d{1,3})*/iu;
const toQuote = new RegExp(`^\\s*[:：,，]?\\s*(${quoteOpeners})`, "u");
const toPlainWords = /^\s*[:：]\s*(?=\S)/u;
const toNextQuote = new RegExp(`^\\s*(?:\\.{3}|…|,|，|、|;|；|and|和)?\\s*(${quoteOpeners})`, "u");
const toNextEntry = new RegExp(
  `^\\s*[;；,，]\\s*(?:(?:passages?|段落)\\s*)?#?(\\d{1,3})\\s*[:：,]\\s*(${quoteOpeners})`,
  "iu",
);
const mayGoOnToEntry = /^\s*(?:[;；,，]\s*(?:[a-z]{0,8}|[段落]{0,2})\s*#?\d{0,3}\s*[:：,]?\s*)?$/iu;

/**
 * Looks whether a text begins with a marker: `[2: "words"]`, `[2]`, `[1, 3]`, `【2】`, `(2)`, `[2]: "words"`.
 *
 * @param ended Nothing follows the text.
 * @param atLineStart Where `[1]: …` defines a link or a footnote.
 */
export function readMarker(
  text: string,
  { ended, atLineStart }: { readonly ended: boolean; readonly atLineStart: boolean },
): MarkerReading {
  if (!ended && mayBegin.test(text)) {
    return { status: "wait" };
  }

  const [head, digits = ""] = beginning.exec(text) ?? [];
  const closer = closers[text.charAt(0)];
  if (head === undefined || closer === undefined) {
    return { status: "none" };
  }

  const rest = text.slice(head.length);
  if (!ended && /^\s*[:：,，]?\s*$/u.test(rest)) {
    return { status: "wait" };
  }

  const quoted = toQuote.exec(rest);
  if (quoted !== null) {
    const at = head.length + quoted[0].length;
    return readQuotes(text, { passage: Number(digits), at, opener: quoted[1] ?? '"', closer, ended });
  }

  const plain = toPlainWords.exec(rest);
  if (plain !== null) {
    return readPlainWords(text, { passage: Number(digits), at: head.length + plain[0].length, closer, ended });
  }

  return readBare(text, { head, first: Number(digits), closer, ended, atLineStart });
}

interface BareStart {
  readonly head: string;
  readonly first: number;
  readonly closer: string;
  readonly ended: boolean;
  readonly atLineStart: boolean;
}

function readBare(text: string, { head, first, closer, ended, atLineStart }: BareStart): MarkerReading {
  const rest = text.slice(head.length);
  const list = furtherNumbers.exec(rest)?.[0] ?? "";
  const behind = rest.slice(list.length);
  const closing = new RegExp(`^\\s*(?:†[^】\\]\\n]{0,80})?\\${closer}`, "u").exec(behind)?.[0];
  if (closing === undefined) {
    const mayClose = /^\s*(?:[,，、;；–-]\s*(?:[a-z]{0,8}|[段落]{0,2})\s*#?|†[^】\]\n]{0,80})?$/iu.test(behind);
    return !ended && mayClose ? { status: "wait" } : { status: "none" };
  }

  const length = head.length + list.length + closing.length;
  const next = text.slice(length);
  if (next === "" && !ended) {
    return { status: "wait" };
  }

  if (next.startsWith("(") && closer === "]") {
    return { status: "none" };
  }

  const quoteBehind = /^\s*[:：]\s*/u.exec(next);
  if (quoteBehind !== null && closer !== ")" && closer !== "）") {
    const behindColon = next.slice(quoteBehind[0].length);
    if (behindColon === "" && !ended) {
      return { status: "wait" };
    }

    if (quoteClosers[behindColon.charAt(0)] !== undefined && list === "") {
      const at = length + quoteBehind[0].length + 1;
      return readQuotes(text, { passage: first, at, opener: behindColon.charAt(0), closer: "", ended });
    }

    if (atLineStart) {
      return { status: "none" };
    }
  }

  const passages = numbersOf(first, list);
  return { status: "marker", marker: { kind: "bare", passages, round: closer === ")" || closer === "）" }, length };
}

/** The numbers of `1, 3–5`. */
function numbersOf(first: number, list: string): readonly number[] {
  const numbers = [first];
  for (const [, sign = "", digits = ""] of list.matchAll(/([,，、;；–-])\D*(\d{1,3})/gu)) {
    const number = Number(digits);
    const last = numbers.at(-1) ?? number;
    const isRange = (sign === "-" || sign === "–") && number > last && number - last < 10;
    numbers.push(...(isRange ? Array.from({ length: number - last }, (_item, index) => last + index + 1) : [number]));
  }

  return [...new Set(numbers)];
}

interface QuoteStart {
  readonly passage: number;
  /** Behind the mark that opens the quote. */
  readonly at: number;
  readonly opener: string;
  /** The bracket that closes the marker; empty where the closing quotation mark does. */
  readonly closer: string;
  readonly ended: boolean;
}

function readQuotes(text: string, { passage, at, opener, closer, ended }: QuoteStart): MarkerReading {
  const entries: { readonly passage: number; readonly quote: string }[] = [];
  let current = { passage, opener, from: at };
  for (let index = at; index < text.length; index += 1) {
    const isClosing = quoteClosers[current.opener]?.includes(text.charAt(index)) === true && text[index - 1] !== "\\";
    if (!isClosing) {
      continue;
    }

    const behind = text.slice(index + 1);
    const entry = { passage: current.passage, quote: unescaped(text.slice(current.from, index)) };
    const closing = closer === "" ? "" : new RegExp(`^\\s*[.。]?\\s*\\${closer}`, "u").exec(behind)?.[0];
    if (closing !== undefined) {
      const marker: Marker = { kind: "quoted", entries: [...entries, entry].filter(({ quote }) => quote !== "") };
      return { status: "marker", marker, length: index + 1 + closing.length };
    }

    const [toEntry, number = "", entryOpener = '"'] = toNextEntry.exec(behind) ?? [];
    const [toQuoteAgain, againOpener = '"'] = toNextQuote.exec(behind) ?? [];
    if (toEntry !== undefined || toQuoteAgain !== undefined) {
      entries.push(entry);
      const from = index + 1 + (toEntry ?? toQuoteAgain ?? "").length;
      current =
        toEntry === undefined
          ? { ...current, opener: againOpener, from }
          : { passage: Number(number), opener: entryOpener, from };
      index = from - 1;
    } else if (!ended && mayGoOnToEntry.test(behind)) {
      return { status: "wait" };
    }
  }

  return unclosed(text, { entries, current, closer, ended });
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
    readonly entries: readonly { readonly passage: number; readonly quote: string }[];
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
  const marker: Marker = {
    kind: "quoted",
    entries: [...entries, { passage: current.passage, quote }].filter((entry) => entry.quote !== ""),
  };
  return { status: "marker", marker, length: bracket >= 0 ? end + 1 : end };
}

/** `[2: words without quotation marks]`. */
function readPlainWords(
  text: string,
  { passage, at, closer, ended }: Pick<QuoteStart, "passage" | "at" | "closer" | "ended">,
): MarkerReading {
  const end = text.indexOf(closer, at);
  const line = text.indexOf("\n", at);
  if (end >= 0 && (line < 0 || end < line)) {
    const quote = text.slice(at, end).trim();
    return { status: "marker", marker: { kind: "quoted", entries: [{ passage, quote }] }, length: end + 1 };
  }

  return ended || line >= 0 || text.length > longestMarker ? { status: "none" } : { status: "wait" };
}

function unescaped(quote: string): string {
  return quote.replaceAll(/\\(["'“”])/gu, "$1").trim();
}
