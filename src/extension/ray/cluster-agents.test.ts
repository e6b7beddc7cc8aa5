import { expect, test, vi } from "vitest";
import type { LogOutputChannel, Memento } from "vscode";
import { leaving } from "../../agents/base/leaving.ts";
import type { ConversingParts } from "../../agents/conversing/conversing-parts.ts";
import type { Run } from "../../agents/core/run.ts";
import type { ClusterState } from "../../agents/protocol/cluster-state.ts";
import type { Message } from "../../agents/protocol/message.ts";
import { idleCluster } from "../../agents/testing/cluster-fixture.ts";
import { messageTo } from "../../agents/testing/core-fixture.ts";
import { ClusterAgents, type ClusterAgentParts } from "./cluster-agents.ts";
import type { KeptOwedAnswer } from "./owed-answers.ts";

vi.mock("vscode", async () => ({
  EventEmitter: (await import("../testing/fake-event-emitter.ts")).FakeEventEmitter,
}));

const off: ClusterState = { status: "off", address: "http://c:8265" };
const up: ClusterState = { ...idleCluster, address: "http://c:8265" };

/** The agents of a window; `kept` is what the workspace remembers from window to window. */
function windowOf(kept = new Map<string, unknown>(), start: ClusterState = off) {
  const listeners = new Set<(state: ClusterState) => void>();
  const shows = new Set<(session: { readonly id: string } | undefined) => void>();
  const seen = { state: start, connects: 0, rejoined: [] as KeptOwedAnswer[][] };
  const answers = new Map<string, (reply: Message) => void>();
  const receive = (message: Message, run: Run): Promise<Message> =>
    new Promise((resolve, reject) => {
      answers.set(message.id, resolve);
      run.signal.addEventListener("abort", () => reject(new Error("given up")));
    });
  const state = {
    get: (key: string, usual: unknown) => kept.get(key) ?? usual,
    update: async (key: string, value: unknown) => void kept.set(key, JSON.parse(JSON.stringify(value))),
  };
  const parts = {
    cluster: {
      get state() {
        return seen.state;
      },
      onChange: (listener: (now: ClusterState) => void) => listeners.add(listener),
      connected: async () => {
        seen.connects += 1;
        change(up);
      },
      functions: async () => ({
        openAgentHomes: () => ({
          homes: { mailbox: () => ({ receive }), finish: () => undefined },
          homeOf: () => ({ node: "n1", restarts: 0 }),
          rejoin: async (owed: KeptOwedAnswer[]) => void seen.rejoined.push(owed),
        }),
      }),
    },
    declared: { open: () => Promise.resolve() },
    agents: { open: () => Promise.resolve() },
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no more of it is used
    state: state as unknown as Memento,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
    log: { warn: (text: string) => expect.unreachable(text) } as unknown as LogOutputChannel,
  };
  const change = (now: ClusterState): void => {
    seen.state = now;
    listeners.forEach((listener) => listener(now));
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  const agents = new ClusterAgents(parts as unknown as ClusterAgentParts);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  agents.follow({ onShow: (listener: never) => shows.add(listener) } as never);
  const stop = new AbortController();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  const run = { id: "run", signal: stop.signal } as Run;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  const given = { turnId: () => "turn" } as ConversingParts;
  return {
    kept,
    seen,
    change,
    stop: (reason: unknown) => stop.abort(reason),
    show: (id: string) => shows.forEach((listener) => listener({ id })),
    send: (message: Message) => agents.forSession("s1").mailbox(message.to, given).receive(message, run),
    answer: (message: Message, reply: Message) => answers.get(message.id)?.(reply),
    asked: (message: Message) => answers.has(message.id),
  };
}

const asked = messageTo("analyst", { content: "How many?" });
const reply = messageTo("user", { from: "analyst", content: "Three." });

function owedIn(kept: ReadonlyMap<string, unknown>): readonly unknown[] {
  return [...kept.values()].flat();
}

test("an answer is owed until it comes", async () => {
  const { send, answer, asked: isAsked, kept } = windowOf();
  const sent = send(asked);
  await expect.poll(() => isAsked(asked)).toBe(true);
  expect(owedIn(kept)).toMatchObject([{ run: "run", sessionId: "s1", turnId: "turn", message: { id: asked.id } }]);
  answer(asked, reply);
  expect(await sent).toEqual(reply);
  expect(owedIn(kept)).toEqual([]);
});

test("what a person stops is not owed any more", async () => {
  const { send, stop, asked: isAsked, kept } = windowOf();
  const sent = expect(send(asked)).rejects.toThrow("given up");
  await expect.poll(() => isAsked(asked)).toBe(true);
  stop(new Error("enough"));
  await sent;
  expect(owedIn(kept)).toEqual([]);
});

test("what is owed when the window closes is asked for by the next, when its session is shown", async () => {
  const before = windowOf();
  const sent = expect(before.send(asked)).rejects.toThrow("given up");
  await expect.poll(() => before.asked(asked)).toBe(true);
  before.change(up);
  before.stop(leaving());
  await sent;
  expect(before.seen.rejoined).toEqual([]);

  const { seen, show } = windowOf(before.kept);
  show("another");
  expect(seen.connects).toBe(0);
  show("s1");
  await expect.poll(() => seen.rejoined).toMatchObject([[{ message: { id: asked.id } }]]);
  expect(seen.connects).toBe(1);
});

test("what another cluster owes is not asked of this one", async () => {
  const { send, asked: isAsked, stop, kept } = windowOf();
  const sent = expect(send(asked)).rejects.toThrow("given up");
  await expect.poll(() => isAsked(asked)).toBe(true);
  stop(leaving());
  await sent;
  const elsewhere = windowOf(kept, { status: "off", address: "http://other:8265" });
  elsewhere.show("s1");
  expect(elsewhere.seen.connects).toBe(0);
});

test("without a cluster, an agent of one says so", async () => {
  const { send, kept } = windowOf(new Map(), { status: "none" });
  await expect(send(asked)).rejects.toMatchObject({ code: "remote.not-connected", details: { name: "analyst" } });
  expect(owedIn(kept)).toEqual([]);
});
