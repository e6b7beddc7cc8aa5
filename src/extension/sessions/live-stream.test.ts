import { expect, test } from "vitest";
import type { SessionEvent } from "../../agents/protocol/session-event.ts";
import { LiveStream } from "./live-stream.ts";

const turn = { at: 1, turnId: "t" };
const delta = (blockId: string, text: string): SessionEvent => ({
  type: "text-delta",
  ...turn,
  blockId,
  agent: "assistant_agent",
  role: "answer",
  text,
});
const progress: SessionEvent = { type: "progress", ...turn, agent: "a", activity: "thinking", detail: "" };

function streamOf(events: readonly SessionEvent[]): LiveStream {
  const stream = new LiveStream();
  for (const event of events) {
    stream.add(event);
  }
  return stream;
}

test("pieces of a block are joined, in the order in which blocks began", () => {
  const stream = streamOf([delta("b1", "Hel"), delta("b2", "x"), delta("b1", "lo"), progress]);
  expect(stream.events).toEqual([delta("b1", "Hello"), delta("b2", "x"), progress]);
});

test("what is in the file by now is forgotten", () => {
  const code: SessionEvent = { type: "code-delta", ...turn, cellId: "c", agent: "a", text: "1" };
  const whole: SessionEvent = { type: "text-end", ...turn, blockId: "b1", agent: "a", role: "answer", text: "Hello" };
  const cell: SessionEvent = {
    type: "cell-start",
    ...turn,
    cellId: "c",
    number: 1,
    agent: "a",
    code: "1",
    repair: 0,
    effects: [],
  };
  expect(streamOf([delta("b1", "Hel"), code, whole, cell]).events).toEqual([]);
});

test("nothing is left of a turn that ended", () => {
  const end: SessionEvent = { type: "turn-end", ...turn, reason: "cancelled", problem: null, durationMs: 1 };
  expect(streamOf([delta("b1", "Hel"), progress, end]).events).toEqual([]);
});

const reading = (path: string, readBytes: number): SessionEvent => ({
  type: "file-reading",
  at: 1,
  path,
  reading: { readBytes, profile: null },
});

test("how far a file has been read is replayed until its reading has ended", () => {
  const problem = { code: "table.empty", message: "Empty.", details: {} };
  const stream = streamOf([reading("a", 1), reading("b", 1), reading("a", 2)]);
  expect(stream.events).toEqual([reading("a", 2), reading("b", 1)]);
  stream.add({ type: "file-problem", at: 2, path: "a", problem });
  stream.add({ type: "file-detach", at: 2, path: "b" });
  expect(stream.events).toEqual([]);
});
