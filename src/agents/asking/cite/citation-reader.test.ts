import { expect, test } from "vitest";
import type { ReadPassage } from "../../protocol/citation.ts";
import { CitationReader } from "./citation-reader.ts";

function passage(number: number, text: string, more: Partial<ReadPassage> = {}): ReadPassage {
  const start = more.start ?? 0;
  return {
    number,
    path: `/docs/${number}.md`,
    name: `${number}.md`,
    startLine: 1,
    endLine: text.split("\n").length,
    start,
    end: start + Array.from(text).length,
    page: null,
    place: "",
    text,
    score: 1,
    ...more,
  };
}

const handbook = [
  passage(1, "Refunds are paid within 14 days.\nA fee of EUR 20 is charged.", {
    start: 100,
    startLine: 10,
    endLine: 11,
  }),
  passage(2, "退款将在十四天内支付。\n手续费为20元，不予退还。"),
];

function read(answer: string, passages: readonly ReadPassage[] = handbook, pieceLength = 1_000) {
  const reader = new CitationReader("When are refunds paid?", () => passages);
  const pieces = [];
  for (let at = 0; at < answer.length; at += pieceLength) {
    pieces.push(...reader.read(answer.slice(at, at + pieceLength)));
  }

  pieces.push(...reader.end());
  const text = pieces.map((piece) => (piece.kind === "text" ? piece.text : "")).join("");
  expect(text).toBe(reader.text);
  return {
    text,
    quotes: reader.citations.map(({ passage: from, quote }) => `${from} ${quote}`),
    doubts: reader.doubts.map(({ reason, quote }) => `${reason} ${quote}`),
    citations: reader.citations,
    pieces,
  };
}

test.each([1, 2, 7, 1_000])(
  "a quote becomes a mark that says where its words stand, in pieces of %i",
  (pieceLength) => {
    const answer = 'Within two weeks [1: "within 14 days"]. It costs EUR 20 [1: "A fee of EUR 20"].';
    const { text, citations, doubts } = read(answer, handbook, pieceLength);
    expect(text).toBe("Within two weeks [1]. It costs EUR 20 [2].");
    expect(doubts).toEqual([]);
    expect(citations).toEqual([
      expect.objectContaining({
        number: 1,
        passage: 1,
        quote: "within 14 days",
        start: 117,
        end: 131,
        startLine: 10,
        endLine: 10,
      }),
      expect.objectContaining({
        number: 2,
        passage: 1,
        quote: "A fee of EUR 20",
        start: 133,
        end: 148,
        startLine: 11,
        endLine: 11,
      }),
    ]);
  },
);

/** Says the text in pieces of one character and at once: both must show the same. */
function shown(answer: string, passages: readonly ReadPassage[] = handbook) {
  const whole = read(answer, passages);
  expect(read(answer, passages, 1)).toMatchObject({ text: whole.text, quotes: whole.quotes, doubts: whole.doubts });
  return whole;
}

test.each([
  ["white space", '[1: "within  14\ndays"]', "1 within 14 days"],
  ["case", '[1: "REFUNDS ARE PAID"]', "1 Refunds are paid"],
  ["curly quotation marks", "[1: “within 14 days”]", "1 within 14 days"],
  ["single quotation marks", "[1: 'within 14 days']", "1 within 14 days"],
  ["no quotation marks", "[1: within 14 days]", "1 within 14 days"],
  ["a full-width bracket", '【1："within 14 days"】', "1 within 14 days"],
  ["full-width figures", '[1: "within １４ days"]', "1 within 14 days"],
  ["an ellipsis", '[1: "Refunds ... within 14 days"]', "1 Refunds are paid within 14 days"],
  ["an ellipsis at the end", '[1: "Refunds are paid …"]', "1 Refunds are paid"],
  ["a full stop that is not there", '[1: "within 14 days!"]', "1 within 14 days"],
  ["a word for the passage", '[passage 1: "within 14 days"]', "1 within 14 days"],
  ["a sign for the passage", '[#1, "within 14 days"]', "1 within 14 days"],
  ["the quote behind the mark", '[1]: "within 14 days"', "1 within 14 days"],
  ["another passage", '[2: "within 14 days"]', "1 within 14 days"],
  ["a passage that there is none", '[9: "within 14 days"]', "1 within 14 days"],
  ["words that were cut", '[1: "funds are paid within 14 d"]', "1 Refunds are paid within 14 days"],
  ["a slip of the pen", '[1: "Refunds are payd within 14 days"]', "1 Refunds are paid within 14 days"],
  ["a word left out", '[1: "fee of EUR 20 charged"]', "1 fee of EUR 20 is charged"],
  ["another form of a word", '[1: "Refund are paid within 14 days"]', "1 Refunds are paid within 14 days"],
  ["Chinese", "[2：“退款将在十四天内支付”]", "2 退款将在十四天内支付"],
  ["Chinese without a particle", "[2: “退款在十四天内支付。手续费为20元”]", "2 退款将在十四天内支付。\n手续费为20元"],
])("a quote is found in spite of %s", (_what, marker, quote) => {
  const { text, quotes, doubts } = shown(`That is so ${marker}.`);
  expect({ text, quotes, doubts }).toEqual({ text: "That is so [1].", quotes: [quote], doubts: [] });
});

test.each([
  ["another figure", '[1: "Refunds are paid within 30 days"]'],
  ["a negation", '[1: "Refunds are not paid within 14 days"]'],
  ["another word", '[1: "Refunds are lost within 14 days"]'],
  ["invented words", '[1: "The moon is made of cheese"]'],
  ["another Chinese character", "[2: “退款将在十五天内支付”]"],
  ["a Chinese negation left out", "[2: “手续费为20元，予退还”]"],
  ["parts in another order", '[1: "within 14 days ... Refunds are paid"]'],
])("a quote with %s is no citation", (_what, marker) => {
  const { text, quotes, doubts } = shown(`Something else holds ${marker}.`);
  expect({ text, quotes }).toEqual({ text: "Something else holds [?1].", quotes: [] });
  expect(doubts).toEqual([expect.stringContaining("not-in-passages ")]);
});

test("a doubt says what was said to be quoted", () => {
  expect(shown('It is cheese [1: "made of cheese"].').doubts).toEqual(["not-in-passages made of cheese"]);
});

test("several quotes of one mark, and one quote twice", () => {
  const { text, quotes } = shown(
    'So it is [1: "within 14 days"; 2: "手续费为20元"]. And so [1: "within 14 days"], EUR 20 [1: "EUR 20" ... "every"].',
  );
  expect(quotes.slice(0, 2)).toEqual(["1 within 14 days", "2 手续费为20元"]);
  expect(text).toMatch(/^So it is \[1\]\[2\]\. And so \[1\], EUR 20 \[3\]/);
});

test.each([
  ["behind the sentence", "Refunds are paid in 14 days. [1]", "Refunds are paid in 14 days. [1]"],
  ["in the sentence", "A fee of EUR 20 is charged [1].", "A fee of EUR 20 is charged [1]."],
  ["without a space", "A fee of EUR 20 is charged[1].", "A fee of EUR 20 is charged[1]."],
  ["with a source", "A fee of EUR 20 is charged 【1†source】.", "A fee of EUR 20 is charged [1]."],
  ["in parentheses", "A fee of EUR 20 is charged (1).", "A fee of EUR 20 is charged [1]."],
  ["of two passages", "手续费是20元 [1, 2]。", "手续费是20元 [1]。"],
  ["in Chinese", "退款在十四天内支付［2］。", "退款在十四天内支付[1]。"],
])("a number %s becomes a citation of the sentence that carries the claim", (_what, answer, text) => {
  const found = shown(answer);
  expect(found).toMatchObject({ text, doubts: [] });
  expect(found.quotes).toHaveLength(1);
});

test("marks right behind one another stand for the same claim; what the second carries nothing of goes", () => {
  expect(shown('A fee of EUR 20 is charged [1: "A fee of EUR 20"] [2: "20元"].').text).toMatch(
    /charged \[1\] \[2\]\.$/u,
  );
  expect(shown("A fee of EUR 20 is charged [1][2].")).toMatchObject({
    text: expect.stringMatching(/charged \[1\]/u),
    doubts: [],
  });
  expect(shown("Refunds are paid within 14 days [1][2].").text).not.toContain("\\");
});

test("a claim in another script is carried by figures that both write", () => {
  expect(shown("手续费为 20 EUR [1]。").quotes).toEqual(["1 A fee of EUR 20 is charged."]);
});

test("a number whose passage carries nothing of the claim is doubted", () => {
  expect(shown("Whales sing in the deep ocean [1].")).toMatchObject({
    text: "Whales sing in the deep ocean [?1].",
    doubts: ["not-in-passages "],
  });
});

test.each([
  ["inline code", "Use `items[1]` and `[1]`."],
  ["a fence", '```js\nconst x = [1];\nconst y = [1: "within 14 days"];\n```\n'],
  ["a fence of tildes", "~~~\n[1]\n~~~\n"],
  ["a link", "See [1](https://example.org)."],
  ["a definition of a link", "[1]: https://example.org\n"],
  ["an index", "It stands in `a`, that is items(1) of it."],
  ["a list of numbers", "The list [4, 5, 6] is sorted."],
  ["parentheses", "Two steps: (1) open it, (2) close it."],
  ["a task", "- [ ] open\n- [x] done"],
  ["words in brackets", "A [draft] of [a] plan (see there)."],
  ["an open bracket at the end", "It ends with ["],
  ["an open backtick", "It ends with `[1]"],
])("%s stays as it is", (_what, answer) => {
  expect(shown(answer)).toMatchObject({ text: answer, citations: [] });
});

test.each([
  ["arr[1] is the second", String.raw`arr\[1\] is the second`],
  ["It lies at [0] there", String.raw`It lies at \[0\] there`],
  ["See [77] there", String.raw`See \[77\] there`],
  ["a mark [?1] of ours", String.raw`a mark \[?1\] of ours`],
])("what would be taken for a mark is written so that it is none: %s", (answer, text) => {
  expect(shown(answer)).toMatchObject({ text, citations: [] });
});

test("code that was opened ends with its line", () => {
  expect(shown('A ` sign.\nPaid [1: "within 14 days"].').text).toBe("A ` sign.\nPaid [1].");
});

test("a quote that never closes is ended where its bracket closes, its line ends or the answer does", () => {
  expect(shown('Paid [1: "within 14 days]. More follows.\n\nEnd.').text).toBe("Paid [1]. More follows.\n\nEnd.");
  expect(shown('Paid [1: "within 14 days').text).toBe("Paid [1]");
  expect(read(`Paid [1: "${"x".repeat(9_000)}`, handbook, 100).text).toMatch(/^Paid \[\?1\]x{5000,}$/);
});

test("text is not held back for longer than a mark may be", () => {
  const reader = new CitationReader("?", () => handbook);
  const first = reader.read("All plain words come at once, also [brackets] of others");
  expect(first.map((piece) => (piece.kind === "text" ? piece.text : "")).join("")).toBe(
    "All plain words come at once, also [brackets] of others",
  );
});

test("a quote in brackets and with quotation marks inside", () => {
  const code = [passage(1, 'const list = ["a", "b"];\nreturn list[0];')];
  expect(shown('It is a list [1: "const list = ["a", "b"];"].', code).quotes).toEqual(['1 const list = ["a", "b"];']);
  expect(shown("It returns [1: `return list[0];`].", code).quotes).toEqual(["1 return list[0];"]);
});

test("operators of code are part of a quote", () => {
  const code = [passage(1, "if (a !== b) {\n  stop();\n}")];
  expect(shown('Compared [1: "if (a === b)"].', code).quotes).toEqual([]);
});

test("a word that a line break cuts is one", () => {
  const pdf = [passage(1, "All infor-\nmation is kept for ten years.")];
  expect(shown('Kept [1: "information is kept for ten years"].', pdf).quotes).toEqual([
    "1 infor-\nmation is kept for ten years",
  ]);
});

test("marks of Markdown in the file are no part of the words", () => {
  const bold = [passage(1, "The **fee** is _20 euros_ | a year")];
  expect(shown('So [1: "The fee is 20 euros"].', bold).quotes).toEqual(["1 The **fee** is _20 euros"]);
});

test("characters beyond the first plane count as one, lines as the file has them", () => {
  const emoji = [passage(1, "😀😀 first\r\nThe zebra sleeps.", { start: 10, startLine: 3, endLine: 4 })];
  expect(shown('A zebra sleeps [1: "zebra sleeps"].', emoji).citations).toMatchObject([
    { start: 10 + 2 + 8 + 4, end: 10 + 2 + 8 + 16, startLine: 4, endLine: 4 },
  ]);
});

test("where a passage tells more than the file has there, the place is the passage's", () => {
  const row = [passage(1, "name: zebra\nsleeps: yes", { start: 50, end: 60, startLine: 7, endLine: 7 })];
  expect(shown('Yes [1: "sleeps: yes"].', row).citations).toMatchObject([
    { start: 50, end: 60, startLine: 7, endLine: 7, quote: "sleeps: yes" },
  ]);
});

test.each([
  ["figures without support", "In all 4512 people came.\n", true],
  ["a name without support", "It was decided by Ada Lovelace.\n", true],
  ["a heading", "## The 4512 people\n", false],
  ["a line that leads on", "These 4512 are:\n", false],
  ["words that connect", "In summary, the answer is simple.\n", false],
  ["the words of the question", "When are refunds paid?\n", false],
  ["a list number", "12. First of all, wait.\n", false],
])("%s: a line without citation is doubted only for what it says", (_what, line, isDoubted) => {
  const { doubts } = shown(`${line}Paid [1: "within 14 days"].`);
  expect(doubts).toEqual(isDoubted ? ["not-cited "] : []);
});

test("a line that repeats what was cited before is not doubted, nor is one whose citation does not fit its figures passed over", () => {
  expect(shown('Paid [1: "within 14 days"].\nSo wait 14 days.').doubts).toEqual([]);
  expect(shown('It costs 2,345 euros [1: "A fee of EUR 20"].').doubts).toEqual(["not-in-passages "]);
  expect(shown('它在十四天内支付 [2: "退款将在十四天内支付"]。\n也就是14天。').doubts).toEqual([]);
});

test("a claim that the passage carries is cited in spite of a quote that was reworded, and not where it denies the passage", () => {
  expect(shown('Refunds are paid within 14 days [1: "you get your money back in two weeks"].').quotes).toEqual([
    "1 Refunds are paid within 14 days.",
  ]);
  expect(shown('Refunds are never paid within 14 days [1: "no money back in two weeks"].').quotes).toEqual([]);
  expect(shown("Refunds are not paid within 14 days [1].").quotes).toEqual([]);
});

test("the place of a citation is the heading that it stands under, also within a passage", () => {
  const text = "Intro.\n\n## Fees ##\n\n```sh\n# no heading\n```\nA fee of EUR 20.";
  const under = (name: string) =>
    shown('It costs [1: "A fee of EUR 20"].', [passage(1, text, { name, place: "Terms" })]);
  expect(under("a.md").citations[0]?.place).toBe("Fees");
  expect(under("a.py").citations[0]?.place).toBe("Terms");
  expect(shown('The Intro has none [1: "Intro"].', [passage(1, text, { place: "Terms" })]).citations[0]?.place).toBe(
    "Terms",
  );
});

test.each([
  ["the passages do not say", "The passages do not describe the fee of Ada Lovelace or the 4512 people."],
  ["a text says nothing", "The document says nothing about Grace Hopper."],
  ["no passage says", "No passage mentions how Grace Hopper decided it in 1512."],
  ["something is not mentioned", "The year 4512 is not mentioned."],
  ["Chinese", "这些段落没有提到 Grace Hopper 在 4512 年的决定。"],
  ["our own words", "Not in these files: what Grace Hopper decided."],
])("what admits that the files do not say something needs no citation: %s", (_what, admission) => {
  expect(shown(`Paid [1: "within 14 days"].\n${admission}`).doubts).toEqual([]);
});

test.each([
  ["what follows the admission", "The files do not say when, but Ada Lovelace paid 4512 euros."],
  ["another sentence", "The files do not say when. It was decided by Ada Lovelace."],
  ["a denial of something else", "The fee was not given to Ada Lovelace."],
])("a claim beside an admission is doubted: %s", (_what, line) => {
  expect(shown(`Paid [1: "within 14 days"].\n${line}`).doubts).toEqual(["not-cited "]);
});

test("a line that leads on to a list rests on what its items cite", () => {
  const items = '\n- Refunds: [1: "within 14 days"]\n- Fees: [1: "A fee of EUR 20"]';
  expect(shown(`It was set by Ada Lovelace in two ways.${items}`).text).toBe(
    "It was set by Ada Lovelace in two ways.\n- Refunds: [1]\n- Fees: [2]",
  );
  expect(shown(`It was set by Ada Lovelace.\n${items}`).doubts).toEqual([]);
  expect(shown("It was set by Ada Lovelace.\n\n1. Soon.\n2. Later.").text).toBe(
    "It was set by Ada Lovelace.\n\n1. Soon.[?1]\n2. Later.",
  );
  expect(shown(`In all 4512 people came. It has two sides.${items}`).doubts).toEqual(["not-cited "]);
  expect(shown("It was set by Ada Lovelace.\n").text).toBe("It was set by Ada Lovelace.[?1]\n");
  expect(shown("It was set by Ada Lovelace.\nAnd so on.").text).toBe("It was set by Ada Lovelace.[?1]\nAnd so on.");
});

test("a quote may begin in one passage and end in the next where both touch in their file", () => {
  const one = { path: "/docs/a.md", name: "a.md" };
  const first = passage(1, "Cats sleep.\nThe zebra ", { ...one, start: 10, startLine: 2 });
  const next = passage(2, "sleeps at night.\nEnd.", { ...one, start: 32, startLine: 3, endLine: 4 });
  const quote = 'Yes [2: "The zebra sleeps at night"].';
  expect(shown(quote, [next, first]).citations).toMatchObject([
    {
      path: "/docs/a.md",
      passage: 1,
      start: 22,
      end: 47,
      startLine: 3,
      endLine: 3,
      quote: "The zebra sleeps at night",
    },
  ]);
  const overlapping = passage(2, "zebra sleeps at night.", { ...one, start: 26, startLine: 3, endLine: 3 });
  expect(shown(quote, [first, overlapping]).citations).toMatchObject([{ start: 22, end: 47, startLine: 3 }]);
  expect(shown(quote, [first, { ...next, start: 33, end: next.end + 1 }]).quotes).toEqual([]);
  expect(shown(quote, [first, { ...next, path: "/docs/b.md" }]).quotes).toEqual([]);
});
