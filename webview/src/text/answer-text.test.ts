import { expect, test } from "vitest";
import type { Citation } from "../../../src/agents/protocol/citation.ts";
import { en } from "../strings/en.ts";
import { answerMarkdown, spokenAnswer } from "./answer-text.ts";
import { groupCitations } from "./group-citations.ts";
import { quoteWindow } from "./quote-window.ts";

function citation(number: number, fields: Partial<Citation> = {}): Citation {
  const place = { path: "/w/a.md", name: "a.md", startLine: 2, endLine: 2, start: 10, end: 20, page: null, place: "" };
  return { ...place, number, passage: 1, quote: "thirty days", ...fields };
}

const doubts = [{ number: 1, reason: "not-cited" as const, quote: "" }];

test("an answer is copied with what its marks mean, and its doubts in words", () => {
  const citations = [citation(1), citation(2, { path: "/w/b.pdf", name: "b.pdf", page: 3, quote: "lost\n\nin March" })];
  expect(answerMarkdown({ text: "Thirty[1]. Lost[2], or not[?1].", citations, doubts }, en)).toBe(
    "Thirty[1]. Lost[2], or not (unsupported).\n\nSources:\n\n- [1] a.md, line 2: “thirty days”\n- [2] b.pdf, page 3: “lost in March”\n",
  );
});

test("an answer without citations is copied as it is", () => {
  expect(answerMarkdown({ text: "Yes [1] [?1]", citations: [], doubts: [] }, en)).toBe("Yes [1] [?1]");
});

test("what files say is no Markdown of the copy, and code stays as it is", () => {
  const hostile = citation(1, {
    name: "![x](https://example.org/p).md",
    quote: "<img src=x> [a](javascript:1) `c` *b*",
  });
  const copied = answerMarkdown({ text: "`a[?1]`[1]\n```\nb[?1]\n```", citations: [hostile], doubts }, en);
  expect(copied).toContain("`a[?1]`[1]\n```\nb[?1]\n```");
  expect(copied).toContain(
    String.raw`!\[x\](https://example.org/p).md, line 2: “\<img src=x\> \[a\](javascript:1) \`c\` \*b\*”`,
  );
});

test("an answer is spoken without its marks", () => {
  const spoken = spokenAnswer({
    text: "Thirty [1][2], or not[?1]; see [3] and `a[1]`.",
    citations: [citation(1), citation(2)],
    doubts,
  });
  expect(spoken).toBe("Thirty, or not; see [3] and `a[1]`.");
});

test("citations stand by file in the order of the answer, the same words once", () => {
  const other = { path: "/w/b.md", name: "b.md" };
  const files = groupCitations([citation(3), citation(2, other), citation(1), citation(4, { start: 40, end: 44 })]);
  expect(files.map(({ name, places }) => [name, places.map(({ numbers }) => numbers)])).toEqual([
    ["a.md", [[1, 3], [4]]],
    ["b.md", [[2]]],
  ]);
});

test("a quote is found where it stands, not where its words stand first", () => {
  const text = "😀 yes and\n\nyes again";
  const place = { path: "/w/a.md", name: "a.md", startLine: 1, endLine: 3, page: null, place: "" };
  const passage = { ...place, start: 100, end: 118, number: 1, text, score: 1 };
  const second = citation(1, { quote: "yes", start: 100 + Array.from("😀 yes and\n\n").length, end: 0 });
  expect(quoteWindow(second, passage)).toEqual({ before: "😀 yes and\n", quote: "yes", after: " again" });
  expect(quoteWindow({ ...second, start: 0 }, passage)).toMatchObject({ before: "😀 ", quote: "yes" });
  expect(quoteWindow(second, null)).toEqual({ before: "", quote: "yes", after: "" });
  expect(quoteWindow({ ...second, quote: "no" }, passage)).toEqual({ before: "", quote: "no", after: "" });
});

test("what stands around a quote is cut at words", () => {
  const text = `${"word ".repeat(100)}here${" more".repeat(100)}`;
  const place = { path: "/w/a.md", name: "a.md", startLine: 1, endLine: 1, page: null, place: "" };
  const { before, after } = quoteWindow(citation(1, { quote: "here", start: 500 }), {
    ...place,
    start: 0,
    end: 2000,
    number: 1,
    text,
    score: 1,
  });
  expect(before).toMatch(/^… word.* $/u);
  expect(after).toMatch(/^ more.*more …$/u);
  expect(before.length + after.length).toBeLessThan(330);
});
