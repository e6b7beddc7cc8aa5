import { expect, test } from "vitest";
import type { SessionEvent } from "../protocol/session-event.ts";
import { emptySession, reduceSession } from "../protocol/session-state.ts";
import { automaticTitle, isNamedByPerson, titleFromQuestion } from "./session-title.ts";

const started: SessionEvent = { type: "session-start", at: 1, sessionId: "s", title: "New session", version: "1" };
const attached = (name: string): SessionEvent => ({ type: "file-attach", at: 2, path: `/${name}`, name });
const asked = (question: string, turnId = "t1", replaces: string | null = null): SessionEvent => ({
  type: "turn-start",
  at: 3,
  turnId,
  question,
  agent: null,
  replaces,
});
const renamed = (title: string, automatic?: boolean): SessionEvent => ({
  type: "session-rename",
  at: 4,
  title,
  ...(automatic === undefined ? {} : { automatic }),
});

function titleAfter(...events: readonly SessionEvent[]): string | undefined {
  return automaticTitle(events.reduce(reduceSession, emptySession), events);
}

test("a session is called after its files until something is asked, and then after the first question", () => {
  expect(titleAfter(started)).toBeUndefined();
  expect(titleAfter(started, attached("a.csv"))).toBe("a.csv");
  expect(titleAfter(started, attached("a.csv"), attached("b.csv"))).toBe("a.csv, b.csv");
  expect(titleAfter(started, attached("a.csv"), asked("How many?"))).toBe("How many?");
  expect(titleAfter(started, asked("How many?"), asked("And where?", "t2"), attached("a.csv"))).toBe("How many?");
});

test("a first question that is asked anew names the session anew", () => {
  expect(titleAfter(started, asked("One?"), renamed("One?", true), asked("Two?", "t2", "t1"))).toBe("Two?");
});

test("a name that fits already is not given again", () => {
  expect(titleAfter(started, attached("a.csv"), renamed("a.csv", true))).toBeUndefined();
});

test("the person's name stays", () => {
  const events = [started, attached("a.csv"), renamed("a.csv", true)];
  expect(isNamedByPerson(events)).toBe(false);
  expect(isNamedByPerson([...events, renamed("Sales")])).toBe(true);
  expect(titleAfter(...events, renamed("Sales"), asked("How many?"))).toBeUndefined();
});

test("a title is the first line that says something, at most 60 characters, and ends with a word", () => {
  expect(titleFromQuestion(" \n\n  Total   deaths\tin 1901?\nBy entity, please.")).toBe("Total deaths in 1901?");
  expect(titleFromQuestion(" \n ")).toBe("");
  const exact = "x".repeat(60);
  expect(titleFromQuestion(exact)).toBe(exact);
  expect(titleFromQuestion(`${exact}y`)).toBe(`${"x".repeat(59)}…`);
  const words = "Which of the many cities that the table names sold more than it bought?";
  expect(titleFromQuestion(words)).toBe("Which of the many cities that the table names sold more…");
  expect(titleFromQuestion("各城市历年销售额".repeat(10))).toBe(`${"各城市历年销售额".repeat(8).slice(0, 59)}…`);
  expect(titleFromQuestion("👩‍👩‍👧".repeat(61))).toBe(`${"👩‍👩‍👧".repeat(59)}…`);
});
