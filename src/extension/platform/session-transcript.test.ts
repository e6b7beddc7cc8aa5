import { expect, test } from "vitest";
import type { SessionEvent } from "../../agents/protocol/session-event.ts";
import { SessionTranscript } from "./session-transcript.ts";

const started = (turnId: string, question: string): SessionEvent => ({
  type: "turn-start",
  at: 1,
  turnId,
  question,
  agent: null,
  replaces: null,
});
const selected = (turnId: string): SessionEvent => ({
  type: "agent-select",
  at: 1,
  turnId,
  agent: "assistant_agent",
  how: "model",
  durationMs: 1,
});
const said = (content: string, silent = false): SessionEvent => ({
  type: "message",
  at: 1,
  turnId: "t",
  message: { id: content, from: "user", to: "assistant_agent", content, metadata: {}, requestReply: true, silent },
});

function printed() {
  let text = "";
  const transcript = new SessionTranscript((piece) => (text += piece));
  return { transcript, text: () => text };
}

const rule = "-".repeat(80);

test("a session is printed from its first word on, once, however it is come upon", () => {
  const { transcript, text } = printed();
  const before = [started("t", "How many?"), selected("t"), said("One.")];
  const session = { id: "s", state: { title: "Deaths" }, events: before };
  transcript.catchUp(session);
  transcript.catchUp(session);
  const later = said("Two.");
  transcript.print({ ...session, events: [...before, later] }, later);
  expect(text()).toBe(
    `===== Deaths =====\n\nSelect agent: assistant_agent to answer the question: How many?\nuser (to assistant_agent):\n\nOne.\n\n${rule}\nuser (to assistant_agent):\n\nTwo.\n\n${rule}\n`,
  );
});

test("what happens in a session that was not printed yet brings all that came before", () => {
  const { transcript, text } = printed();
  const events = [said("One."), said("Two.")];
  transcript.print({ id: "s", state: { title: "Deaths" }, events }, said("Two."));
  expect(text().match(/One\.|Two\./gu)).toEqual(["One.", "Two."]);
});

test("sessions that take turns are told apart", () => {
  const { transcript, text } = printed();
  const one = { id: "1", state: { title: "one" }, events: [said("a")] };
  const two = { id: "2", state: { title: "two" }, events: [said("b")] };
  transcript.print(one, said("a"));
  transcript.print(two, said("b"));
  transcript.print(one, said("c"));
  transcript.print(one, said("d"));
  expect(
    text()
      .match(/=====.*=====|\n[a-d]\n/gu)
      ?.map((part) => part.trim()),
  ).toEqual(["===== one =====", "a", "===== two =====", "b", "===== one =====", "c", "d"]);
});

test("silent messages and what nobody said leave no trace, not even a heading", () => {
  const { transcript, text } = printed();
  const session = { id: "s", state: { title: "Deaths" }, events: [started("t", "?"), said("told", true)] };
  transcript.print(session, started("t", "?"));
  transcript.print(session, said("told", true));
  transcript.catchUp(session);
  expect(text()).toBe("");
});
