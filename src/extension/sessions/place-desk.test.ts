import { beforeEach, expect, test, vi } from "vitest";
import { AgentError } from "../../agents/base/errors.ts";
import type { KernelName } from "../../agents/ports/interpreter.ts";
import { type RunPlace, runHere, usualClusterPlace } from "../../agents/protocol/run-place.ts";
import { PlaceDesk } from "./place-desk.ts";

const { asked } = vi.hoisted((): { asked: { questions: string[]; answer: string } } => ({
  asked: { questions: [], answer: "" },
}));
vi.mock("vscode", () => ({
  l10n: { t: (text: string) => text },
  window: {
    showWarningMessage: async (question: string) => {
      asked.questions.push(question);
      return asked.answer;
    },
  },
}));

const big = { ...usualClusterPlace, cpus: 4 };
const kernel: KernelName = { cluster: "http://head:8265", name: "kernel-1" };

beforeEach(() => {
  asked.questions = [];
  asked.answer = "Move";
});

interface Bed {
  readonly place?: RunPlace;
  readonly hasVariables?: boolean;
  readonly status?: string;
  /** What the cluster is once the person was asked for one. */
  readonly connectsTo?: string;
  readonly busy?: boolean;
}

function bed({ place = runHere, hasVariables = false, status = "up", connectsTo = status, busy = false }: Bed = {}) {
  const kept = new Map<string, unknown>();
  const done: string[] = [];
  const cluster = {
    state: { status },
    connect: async () => {
      done.push("connect");
      cluster.state = { status: connectsTo };
    },
    connected: async () => void done.push("connected"),
    end: async (kind: string, name: string, at: string) => void done.push(`end ${kind} ${name} ${at}`),
  };
  const places = {
    current: place,
    hasVariables,
    refuseWhileRunning: () => {
      if (busy) {
        throw new AgentError("session.busy", { sessionId: "s1" }, "Busy.");
      }
    },
    moveTo: async (to: RunPlace) => {
      done.push(`move ${to.kind}`);
      return { kernel: place.kind === "cluster" ? kernel : undefined };
    },
    warmUp: async () => void done.push("warm up"),
  };
  const parts = {
    state: { get: (key: string) => kept.get(key), update: async (key: string, value: unknown) => kept.set(key, value) },
    cluster,
    clusterPythons: { forget: (id: string) => done.push(`forget ${id}`) },
    desk: { current: async () => ({ id: "s1", analysis: { place: places } }) },
    onFailure: vi.fn(),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the desk needs of its parts
  return { desk: new PlaceDesk(parts as never), done, cluster };
}

test("a session that has no variables moves without a question, starts there at once, and the next one follows it", async () => {
  const { desk, done, cluster } = bed();
  expect([desk.first, desk.lastSize]).toEqual([runHere, usualClusterPlace]);
  await desk.choose(big);
  expect(done).toEqual(["connected", "move cluster", "warm up"]);
  expect([asked.questions, desk.first, desk.lastSize]).toEqual([[], big, big]);
  cluster.state = { status: "none" };
  expect(desk.first).toEqual(runHere);
});

test("where variables stay behind it is asked, and a no leaves all as it is", async () => {
  asked.answer = "Stay";
  const { desk, done } = bed({ hasVariables: true });
  await desk.choose(big);
  expect([asked.questions, done, desk.first]).toEqual([["Run the code of this session on the cluster?"], [], runHere]);
  asked.answer = "Move";
  await desk.choose(big);
  expect(done).toEqual(["connected", "move cluster", "warm up"]);
});

test("coming back ends what was there, wherever that is, and forgets it", async () => {
  const { desk, done } = bed({ place: big, hasVariables: true });
  await desk.choose(runHere);
  expect(asked.questions).toEqual(["Run the code of this session on this machine?"]);
  expect(done).toEqual(["move here", "end kernel kernel-1 http://head:8265", "forget s1"]);
});

test("another size is another Python there", async () => {
  const { desk, done } = bed({ place: big, hasVariables: true });
  await desk.choose(usualClusterPlace);
  expect(asked.questions).toEqual(["Start another Python on the cluster for this session?"]);
  expect(done).toEqual(["connected", "move cluster", "end kernel kernel-1 http://head:8265", "warm up"]);
});

test("what runs so already stays, and is what the next session is asked for", async () => {
  const { desk, done } = bed({ place: big, hasVariables: true });
  await desk.choose({ ...big });
  expect([asked.questions, done, desk.first]).toEqual([[], [], big]);
});

test("where no cluster is named one is asked for; where none is named then, the session stays", async () => {
  const named = bed({ status: "none", connectsTo: "up" });
  await named.desk.choose(big);
  expect(named.done).toEqual(["connect", "move cluster", "warm up"]);
  const declined = bed({ status: "none" });
  await declined.desk.choose(big);
  expect([declined.done, declined.desk.first]).toEqual([["connect"], runHere]);
});

test("a session that is answering does not move, and is not asked about", async () => {
  const { desk, done } = bed({ hasVariables: true, busy: true });
  await expect(desk.choose(big)).rejects.toMatchObject({ code: "session.busy" });
  expect([asked.questions, done]).toEqual([[], []]);
});
