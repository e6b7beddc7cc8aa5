import { join } from "node:path";
import { expect, test } from "vitest";
import { questionHash } from "../recording.ts";
import { demoRecordings } from "./demo-recordings.ts";
import { readConversations } from "./question.ts";

test("every question about all documents is known to the demo by its own words", () => {
  const known = new Set(
    demoRecordings(join(import.meta.dirname, "recordings")).map((recording) => recording.questionHash),
  );
  const single = readConversations(join(import.meta.dirname, "questions.jsonl")).filter(
    ({ turns, sources }) => turns.length === 1 && sources === undefined,
  );
  const unknown = single
    .flatMap(({ turns }) => turns.map(({ question }) => question))
    .filter((question) => !known.has(questionHash(question)));
  expect(single.length).toBeGreaterThan(10);
  expect(unknown).toEqual([]);
});
