import { isCharacter, type QuoteToken } from "./quote-tokens.ts";

/** Words that a quote may drop or add without meaning something else. */
const light = new Set(
  `a an the of to in on at for by with and or that which this these those is are was were be been its their his her as
  的 了 之 在 地 得 着 是 和 与 及 其 这 该 也 将 所 有`.split(/\s+/u),
);
/** Words that turn a statement around, or change how far it goes. */
const turning = new Set(
  `no not never none nor without cannot can't don't doesn't didn't isn't aren't wasn't weren't won't shouldn't mustn't
  unless except only must may should before after more less most least all any some both either neither
  不 没 無 无 非 未 勿 莫 禁 否 仅 只 除 前 后 上 下 多 少 大 小 高 低 内 外 必 可`.split(/\s+/u),
);
/** Words that say how things belong together: one in place of another is another statement. */
const linking = new Set("of to in on at for by with and or as 在 和 与 及".split(" "));
const endings = new Set(["", "s", "es", "ies", "y", "d", "ed", "ied", "ing", "e", "'s"]);

const never = 1_000;
const highestCost = 5;
const shareOfTokens = 0.2;
const fewestWords = 4;
const fewestCharacters = 8;

/** What leaving a token out, or putting one in, costs: only words that carry nothing can be. */
function lonelyCost(text: string): number {
  return light.has(text) ? 1 : never;
}

function isWord(text: string): boolean {
  return /^[\p{L}\p{M}']+$/u.test(text) && !isCharacter(text);
}

/** What one token in place of another costs: little for another form of a word or a slip of the pen. */
function exchangeCost(one: string, other: string, names: ReadonlySet<string>): number {
  if (one === other) {
    return 0;
  }

  const isFixed = [one, other].some((text) => !isWord(text) || turning.has(text) || names.has(text));
  return !isFixed && (isOtherForm(one, other) || isSlip(one, other)) ? 1 : never;
}

function isOtherForm(one: string, other: string): boolean {
  const shared = sharedBeginning(one, other);
  return shared >= 3 && [one, other].every((text) => endings.has(text.slice(shared)));
}

/** A slip within a word; another last letter makes another word: employer, employee. */
function isSlip(one: string, other: string): boolean {
  const isLong = Math.min(one.length, other.length) >= 4;
  return isLong && one[0] === other[0] && one.at(-1) === other.at(-1) && isOneSlip(one, other);
}

/**
 * Words that are names, in lower case: with a capital inside a sentence, or identifiers. What stands in the text or the
 * quote in capitals only where a sentence begins is none.
 */
function namesAmong(tokens: readonly QuoteToken[]): ReadonlySet<string> {
  const names = tokens.filter(({ written, start }, index) => {
    // More than a space between two words may be the end of a sentence.
    const isInside = start - (tokens[index - 1]?.end ?? -2) === 1;
    return /_|\p{Ll}\p{Lu}/u.test(written) || (/^\p{Lu}/u.test(written) && isInside);
  });
  return new Set(names.map(({ text }) => text));
}

function sharedBeginning(one: string, other: string): number {
  let shared = 0;
  while (shared < one.length && one[shared] === other[shared]) {
    shared += 1;
  }

  return shared;
}

/** Whether one letter was left out, put in, exchanged or swapped with its neighbour. */
function isOneSlip(one: string, other: string): boolean {
  const first = sharedBeginning(one, other);
  const [a, b] = [one.slice(first), other.slice(first)];
  return (
    a.slice(1) === b.slice(1) ||
    a.slice(1) === b ||
    a === b.slice(1) ||
    (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2))
  );
}

/** Costs of the best alignments that end before each token of a text and behind its last, and where they begin. */
interface Row {
  readonly costs: readonly number[];
  readonly begins: readonly number[];
}

/** The alignments with one more token of the quote. */
function nextRow(
  { costs: before, begins: beganBefore }: Row,
  wanted: string,
  text: readonly QuoteToken[],
  names: ReadonlySet<string>,
): Row {
  const dropped = lonelyCost(wanted);
  const costs = [(before[0] ?? 0) + dropped];
  const begins = [0];
  for (const [at, { text: found }] of text.entries()) {
    const ways = [
      { cost: (before[at] ?? 0) + exchangeCost(wanted, found, names), begin: beganBefore[at] },
      { cost: (before[at + 1] ?? 0) + dropped, begin: beganBefore[at + 1] },
      { cost: (costs[at] ?? 0) + lonelyCost(found), begin: begins[at] },
    ];
    const best = ways.reduce((one, other) => (other.cost < one.cost ? other : one));
    costs.push(best.cost);
    begins.push(best.begin ?? 0);
  }

  return { costs, begins };
}

/**
 * Where in a text tokens stand that are nearly those of a quote: other forms of words, slips of the pen, articles left
 * out. Names, numbers, negations, all other words and the characters of scripts without spaces must be the same.
 *
 * @returns The first and the last token, or `null`.
 */
export function alignTokens(
  quote: readonly QuoteToken[],
  text: readonly QuoteToken[],
): { readonly first: number; readonly last: number; readonly cost: number } | null {
  const least = quote.every((token) => isCharacter(token.text)) ? fewestCharacters : fewestWords;
  if (quote.length < least || text.length === 0) {
    return null;
  }

  let row: Row = { costs: text.map(() => 0).concat(0), begins: [...text.keys(), text.length] };
  const names = new Set([...namesAmong(quote), ...namesAmong(text)]);
  for (const token of quote) {
    row = nextRow(row, token.text, text, names);
  }

  const { costs, begins } = row;
  const cost = Math.min(...costs);
  const end = costs.indexOf(cost);
  const first = begins[end] ?? 0;
  const most = Math.min(highestCost, Math.max(1, Math.floor(quote.length * shareOfTokens)));
  const isFar = cost > most || end <= first || linksOtherwise(quote, text.slice(first, end));
  return isFar ? null : { first, last: end - 1, cost };
}

/** Whether each of two texts has a linking word that the other lacks. */
function linksOtherwise(quote: readonly QuoteToken[], found: readonly QuoteToken[]): boolean {
  const counts = new Map<string, number>();
  const count = (tokens: readonly QuoteToken[], by: number): void => {
    for (const { text } of tokens.filter((token) => linking.has(token.text))) {
      counts.set(text, (counts.get(text) ?? 0) + by);
    }
  };
  count(quote, 1);
  count(found, -1);
  const differences = [...counts.values()];
  return differences.some((difference) => difference > 0) && differences.some((difference) => difference < 0);
}
