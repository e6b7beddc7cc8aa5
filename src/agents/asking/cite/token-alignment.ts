import { isCharacter, type QuoteToken } from "./quote-tokens.ts";

/** Words that a quote may drop or add without meaning something else. */
const light = new Set(
  `a an the of to in on at for by with and or that which this these those is are was were be been its their his her as
  的 了 之 在 地 得 着 是 和 与 及 其 这 该 也 将 所 有`.split(/\s+/u),
);
/** Words that turn a statement around, or change how far it goes. */
const turning = new Set(
  `no not never none nor without cannot can't don't doesn't didn't isn't aren't wasn't weren't won't shouldn't mustn't
  unless except only must may should before after more less least most all any some both either neither
  不 没 無 无 非 未 勿 莫 禁 否 仅 只 除 前 后 上 下 多 少 大 小 高 低 内 外 必 可`.split(/\s+/u),
);

const never = 1_000;
const highestCost = 5;
const shareOfTokens = 0.2;
const fewestWords = 4;
const fewestCharacters = 8;

/** What leaving a token out, or putting one in, costs. */
function lonelyCost(text: string): number {
  if (turning.has(text) || /\p{N}|[=<>≤≥≠±!]/u.test(text)) {
    return never;
  }

  return light.has(text) ? 1 : 3;
}

function isWord(text: string): boolean {
  return /^[\p{L}\p{M}'_]+$/u.test(text) && !isCharacter(text);
}

/** What one token in place of another costs: little for another form of a word or a slip of the pen. */
function exchangeCost(one: string, other: string): number {
  if (one === other) {
    return 0;
  }

  if (!isWord(one) || !isWord(other) || turning.has(one) || turning.has(other)) {
    return never;
  }

  const shorter = Math.min(one.length, other.length);
  const shared = sharedBeginning(one, other);
  const rest = Math.max(one.length, other.length) - shared;
  return shorter >= 4 && ((shared >= 4 && rest <= 3) || (one[0] === other[0] && isOneSlip(one, other))) ? 1 : never;
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
function nextRow({ costs: before, begins: beganBefore }: Row, wanted: string, text: readonly QuoteToken[]): Row {
  const dropped = lonelyCost(wanted);
  const costs = [(before[0] ?? 0) + dropped];
  const begins = [0];
  for (const [at, { text: found }] of text.entries()) {
    const ways = [
      { cost: (before[at] ?? 0) + exchangeCost(wanted, found), begin: beganBefore[at] },
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
 * out. Numbers, negations and the characters of scripts without spaces must be the same.
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
  for (const token of quote) {
    row = nextRow(row, token.text, text);
  }

  const { costs, begins } = row;
  const cost = Math.min(...costs);
  const end = costs.indexOf(cost);
  const first = begins[end] ?? 0;
  const most = Math.min(highestCost, Math.max(1, Math.floor(quote.length * shareOfTokens)));
  return cost > most || end <= first ? null : { first, last: end - 1, cost };
}
