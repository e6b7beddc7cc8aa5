import { afterEach, describe, expect, test } from "vitest";
import type { SessionEvent } from "../protocol/session-event.ts";
import { type Turn, emptySession, reduceSession } from "../protocol/session-state.ts";
import { type Analysis, type AnalysisOptions, createAnalysis } from "../testing/analysis-fixture.ts";
import { settled } from "../testing/core-fixture.ts";

let analysis: Analysis;

afterEach(() => analysis.dispose());

const never = new Promise<never>(() => undefined);
const call = (code: string) => ({ toolCalls: [{ name: "run_python", arguments: { code } }] });

interface Phase {
  readonly options?: AnalysisOptions;
  /** Makes the session wait for ever in the phase. */
  readonly arrange: (analysis: Analysis) => void | Promise<void>;
  /** The event after which the person stops. */
  readonly at: (event: SessionEvent) => boolean;
}

const progress = (activity: string) => (event: SessionEvent) =>
  event.type === "progress" && event.activity === activity;
const isType = (type: SessionEvent["type"]) => (event: SessionEvent) => event.type === type;
const write = { inspect: () => ({ effects: [{ kind: "write-file" as const, detail: "x", line: 1 }] }) };

const phases: { readonly [name: string]: Phase } = {
  "profiling a changed file": {
    options: { profile: (path) => (path.endsWith("slow.csv") ? never : {}) },
    arrange: (session) => void session.attach("slow.csv"),
    at: isType("turn-start"),
  },
  routing: {
    arrange: ({ router }) => router.expect({ until: never }),
    at: progress("routing"),
  },
  "starting Python": {
    options: { startsAfter: () => never },
    arrange: ({ router }) => router.expect({ until: never }),
    at: isType("message"),
  },
  thinking: {
    arrange: ({ router, author }) => {
      router.expect("assistant_agent");
      author.expect({ until: never });
    },
    at: progress("thinking"),
  },
  "writing words": {
    arrange: ({ router, author }) => {
      router.expect("assistant_agent");
      author.expect({ text: "The answer is\nlong and\nlonger", pieceLength: 5 });
    },
    at: isType("text-delta"),
  },
  "writing code": {
    arrange: ({ router, author }) => {
      router.expect("assistant_agent");
      author.expect({ ...call("print(1)\nprint(2)"), pieceLength: 4 });
    },
    at: isType("code-delta"),
  },
  reviewing: {
    options: write,
    arrange: ({ router, author, reviewer }) => {
      router.expect("assistant_agent");
      author.expect(call("save()"));
      reviewer.expect({ until: never });
    },
    at: progress("reviewing"),
  },
  "waiting for approval": {
    arrange: ({ router, author, approvals }) => {
      router.expect("assistant_agent");
      author.expect(call("1"));
      approvals.answers.push("forever");
    },
    at: isType("approval-request"),
  },
  running: {
    arrange: ({ router, author, python }) => {
      router.expect("assistant_agent");
      author.expect(call("while True: pass"));
      python.expect({ print: "begun\n", until: never });
    },
    at: isType("cell-output"),
  },
};

describe("stop", () => {
  test.each(Object.entries(phases))("at once while %s ends as cancelled", async (_name, phase) => {
    let stopped: Promise<void> | undefined;
    analysis = await createAnalysis({
      ...phase.options,
      onEvent: (event) => {
        if (phase.at(event)) {
          stopped ??= analysis.session.stop();
        }
      },
    });
    await analysis.attach();
    await phase.arrange(analysis);
    const turn = await analysis.session.ask("How many?");
    await stopped;
    expectClosed(turn);
  });

  test.each(Object.entries(phases).filter(([name]) => !name.startsWith("writing")))(
    "later while %s ends as cancelled",
    async (_name, phase) => {
      analysis = await createAnalysis(phase.options);
      await analysis.attach();
      await phase.arrange(analysis);
      const { session, events } = analysis;
      const asking = session.ask("How many?");
      await until(() => events.some(phase.at));
      await until(() => true);
      await session.stop();
      expect(session.isRunning).toBe(false);
      expectClosed(await asking);
      analysis.assertFinished();
    },
  );

  test("while running keeps what was printed, and the interpreter", async () => {
    analysis = await createAnalysis();
    await analysis.attach();
    const { session, author, python, events } = analysis;
    author.expect(call("while True: pass"), "Fine.");
    python.expect({ print: "begun\n", until: never });
    const asking = session.ask("/ask Run");
    await reached(events, "cell-output");
    await session.stop();
    expect((await asking).blocks.at(-1)).toMatchObject({
      kind: "cell",
      phase: "interrupted",
      durationMs: 3,
      outputs: [{ text: "begun\n" }],
    });
    expect((await session.ask("/ask Next")).status).toBe("done");
    expect(python.starts).toHaveLength(1);
    analysis.assertFinished();
  });

  test("while Python starts: the next question starts it again", async () => {
    let starts = 0;
    analysis = await createAnalysis({ startsAfter: () => ((starts += 1) === 1 ? never : Promise.resolve()) });
    await analysis.attach();
    const { session, author } = analysis;
    author.expect("Fine.");
    const asking = session.ask("/ask One");
    await until(() => starts === 1);
    await session.stop();
    expect((await asking).status).toBe("cancelled");
    expect(await session.ask("/ask Two")).toMatchObject({ status: "done", problem: null });
    expect(starts).toBe(2);
    analysis.assertFinished();
  });

  test("without a question, and twice, does nothing", async () => {
    analysis = await createAnalysis();
    await analysis.session.stop();
    await analysis.session.stop();
    expect(analysis.session.isRunning).toBe(false);
  });
});

test("a question while another is being answered is refused and changes nothing", async () => {
  analysis = await createAnalysis();
  await analysis.attach();
  const { session, author, events } = analysis;
  const { promise, resolve } = Promise.withResolvers<void>();
  author.expect({ text: "First.", until: promise }, "Third.");
  const first = session.ask("/ask One");
  await reached(events, "turn-start");
  await expect(session.ask("/ask Two")).rejects.toMatchObject({ code: "session.busy" });
  resolve();
  await first;
  expect(session.output()).toBe("First.");
  await session.ask("/ask Three");
  expect(session.state.turns.map(({ question }) => question)).toEqual(["One", "Three"]);
});

test("dispose ends Python, keeps what happened, and the question is lost", async () => {
  analysis = await createAnalysis();
  await analysis.attach();
  const { session, author, python, events, open, store } = analysis;
  author.expect(call("sleep()"));
  python.expect({ until: never });
  const asking = session.ask("/ask One");
  await reached(events, "cell-run");
  await session.dispose();
  expect((await asking).status).toBe("lost");
  await open.close();
  const again = await store.open(open.log.id);
  expect(again.log.state).toEqual(session.state);
  await again.close();
});

/** Nothing of a stopped turn goes on, and what is kept of it shows the same. */
function expectClosed(turn: Turn): void {
  const { session, open: opened } = analysis;
  expect(turn).toMatchObject({ status: "cancelled", problem: null, progress: null });
  const open = new Set(["writing", "ready", "waiting", "running"]);
  expect(
    turn.blocks.filter(
      (block) => (block.kind === "text" && !block.complete) || (block.kind === "cell" && open.has(block.phase)),
    ),
  ).toEqual([]);
  // A file that is still being read goes on being read: how far it has come is shown and not kept.
  const files = session.state.files.map((file) => ({ ...file, reading: null }));
  expect(opened.log.events.reduce(reduceSession, emptySession)).toEqual({ ...session.state, files });
}

async function until(isTrue: () => boolean): Promise<void> {
  do {
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    await settled();
  } while (!isTrue());
}

function reached(events: readonly SessionEvent[], type: SessionEvent["type"]): Promise<void> {
  return until(() => events.some((event) => event.type === type));
}
