import { expect, test } from "vitest";
import { makeEpub } from "../../../testing/make-documents.ts";
import { readInThread } from "./document-thread.ts";

const small = makeEpub([{ title: "One", body: "<p>Inside</p>" }]);
const large = makeEpub([{ title: "Long", body: "<p>again and again</p>".repeat(400_000) }]);
const usual = { durationMs: 60_000, memoryBytes: 1024 ** 3 };

test("a document that takes too long is given up, and the next is read", async () => {
  const [slow, next] = await Promise.all([
    readInThread("epub", large, { ...usual, durationMs: 1 }),
    readInThread("epub", small, usual),
  ]);
  expect(slow).toEqual({ type: "skipped", reason: "too-slow" });
  expect(next).toMatchObject({ type: "parsed", document: { text: "Inside\n" } });
});

test("a document that takes too much memory is given up, and the next is read", async () => {
  const outcome = await readInThread("epub", large, { ...usual, memoryBytes: -(1024 ** 4) });
  expect([outcome, await readInThread("epub", small, usual)]).toMatchObject([
    { type: "skipped", reason: "too-large" },
    { type: "parsed" },
  ]);
});
