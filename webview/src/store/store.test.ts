import { expect, test, vi } from "vitest";
import type { EditorApi } from "../host/host.ts";
import type { SessionEvent } from "../../../src/agents/protocol/session-event.ts";
import { createKeptState } from "./kept-state.ts";
import { createPushReceiver, initialPageState } from "./page-state.ts";
import { createStore } from "./store.ts";

const start: SessionEvent = { type: "session-start", at: 0, sessionId: "s", title: "T", version: "1" };
const rename = (title: string): SessionEvent => ({ type: "session-rename", at: 1, title });
const settings = { locale: "en", resourceBase: "", trusted: true };

test("the events of one frame are drawn once, in order", () => {
  const store = createStore(initialPageState);
  const frames: (() => void)[] = [];
  const receive = createPushReceiver(store, (run) => frames.push(run));
  receive({ kind: "session", settings, events: [start] });
  const listener = vi.fn<() => void>();
  store.subscribe(listener);
  receive({ kind: "events", sessionId: "s", events: [rename("A")] });
  receive({ kind: "events", sessionId: "s", events: [rename("B")] });
  expect([frames.length, store.get().session.title]).toEqual([1, "T"]);
  frames[0]?.();
  expect([listener.mock.calls.length, store.get().session.title]).toEqual([1, "B"]);
});

test("a session that is opened meanwhile drops what waited for a frame", () => {
  const store = createStore(initialPageState);
  const frames: (() => void)[] = [];
  const receive = createPushReceiver(store, (run) => frames.push(run));
  receive({ kind: "session", settings, events: [start] });
  receive({ kind: "events", sessionId: "s", events: [rename("old")] });
  receive({ kind: "session", settings, events: [{ ...start, sessionId: "s2", title: "New" }] });
  frames.forEach((run) => run());
  expect(store.get().session.title).toBe("New");
});

test("a listener that stops while others are told does not hide them", () => {
  const store = createStore({ value: 0 });
  const heard: string[] = [];
  const stop = store.subscribe(() => stop());
  store.subscribe(() => heard.push("second"));
  store.set({ value: 1 });
  store.set({ value: 2 });
  expect(heard).toEqual(["second", "second"]);
});

test("what is kept survives, and folds do not follow into another session", () => {
  vi.useFakeTimers();
  let state: unknown = { broken: true };
  const api: EditorApi = {
    postMessage: () => undefined,
    getState: () => state,
    setState: (next) => void (state = next),
  };
  const kept = createKeptState(api);
  kept.showSession("s1");
  kept.set({ draft: "half", open: { "cell:c1": false } });
  vi.advanceTimersByTime(200);
  const later = createKeptState(api);
  expect(later.get()).toMatchObject({ draft: "half", sessionId: "s1", open: { "cell:c1": false } });
  later.showSession("s2");
  expect(later.get()).toMatchObject({ draft: "half", sessionId: "s2", open: {}, scroll: null });
  vi.useRealTimers();
});
