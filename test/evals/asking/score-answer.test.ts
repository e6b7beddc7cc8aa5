import { expect, test } from "vitest";
import type { Citation } from "../../../src/agents/protocol/citation.ts";
import type { CorpusDocument } from "./corpus-documents.ts";
import { faultsOf } from "./score-answer.ts";

const documents = new Map<string, CorpusDocument>([
  ["fees.txt", { kind: "text", text: "😀 Fees\nThe fee is 20 yuan.\n" }],
  ["manual.pdf", { kind: "pages", pages: ["Cover", "Two blinks stand\nfor a low battery."] }],
]);
const fee: Citation = {
  path: "fees.txt",
  name: "fees.txt",
  startLine: 2,
  endLine: 2,
  start: 11,
  end: 25,
  page: null,
  place: "",
  number: 1,
  passage: 1,
  quote: "fee is 20 yuan",
};
const asked = { question: "What is the fee?", check: { says: [20], cites: ["fees.txt"] } };
const answer = { text: "The fee is 20 yuan [1].", citations: [fee], doubts: [] };

test("an answer that says and cites what it must has no fault", () => {
  expect(faultsOf(answer, asked, documents)).toEqual([]);
});

test("the number of a mark is no figure that was said", () => {
  const check = { says: [1] };
  expect(faultsOf(answer, { ...asked, check }, documents)).toEqual(["does not say 1"]);
});

test("a citation that is not at its characters or lines, or not on its page, is a fault", () => {
  const faults = (citation: Citation): readonly string[] =>
    faultsOf({ ...answer, citations: [fee, citation] }, asked, documents);
  expect(faults({ ...fee, start: 12, end: 26 })).toEqual(["citation 1 of fees.txt is not at its characters"]);
  expect(faults({ ...fee, startLine: 1 })).toEqual(["citation 1 of fees.txt is not on its lines"]);
  const battery = { ...fee, path: "manual.pdf", page: 2, quote: "stand for a low battery" };
  expect(faults(battery)).toEqual([]);
  expect(faults({ ...battery, page: 1 })).toEqual(["citation 1 of manual.pdf is not on its page"]);
  expect(faults({ ...fee, path: "other.txt" })).toEqual(["citation 1 of other.txt names a file that is not there"]);
});

test("doubts, and answers without any citation, are faults", () => {
  const doubts = [{ number: 1, reason: "not-cited" as const, quote: "" }];
  expect(faultsOf({ ...answer, doubts }, asked, documents)).toEqual(['doubt (not-cited) ""']);
  expect(faultsOf({ ...answer, citations: [] }, { ...asked, check: {} }, documents)).toEqual(["cites nothing"]);
});

test("a refusal is right only where one is wanted; of several checks one must hold", () => {
  const refusal = { text: "Not in these files. They name no fee.", citations: [], doubts: [] };
  const refused = { ...asked, check: { notInFiles: true } };
  expect(faultsOf(refusal, refused, documents)).toEqual([]);
  expect(faultsOf(answer, refused, documents)).toEqual(["does not refuse"]);
  expect(faultsOf(refusal, { ...asked, check: {} }, documents)).toEqual(["says that it is not in the files"]);
  expect(faultsOf(refusal, { ...asked, check: [asked.check, { notInFiles: true }] }, documents)).toEqual([]);
});
