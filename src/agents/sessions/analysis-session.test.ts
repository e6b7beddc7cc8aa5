import { afterEach, expect, test } from "vitest";
import { AgentError } from "../base/errors.ts";
import { type Analysis, createAnalysis } from "../testing/analysis-fixture.ts";
import { settled } from "../testing/core-fixture.ts";

let analysis: Analysis;
afterEach(() => analysis.dispose());

const call = (code: string) => ({ toolCalls: [{ name: "run_python", arguments: { code } }] });

test("a session is called after its file, then after its first question, and then as the person says", async () => {
  analysis = await createAnalysis();
  const { session, author, open, events } = analysis;
  expect(session.state.title).toBe("test");
  await analysis.attach();
  expect(session.state.title).toBe("deaths.csv");
  author.expect("Seven.", "Four.", "Three.");
  await session.ask("/ask How many deaths?\nPer entity.");
  expect(session.state.title).toBe("How many deaths?");
  await session.ask("/ask And in droughts?");
  expect(session.state.title).toBe("How many deaths?");
  session.rename("Deaths");
  await session.ask("/ask And in floods?");
  expect(session.state.title).toBe("Deaths");
  expect(open.log.state.title).toBe("Deaths");
  expect(events.filter(({ type }) => type === "session-rename")).toHaveLength(3);
});

test("Python that is restarted between two questions: the next one runs in another, and its author is told", async () => {
  analysis = await createAnalysis();
  await analysis.attach();
  const { session, author, python } = analysis;
  author.expect(call("a = 1"), "Done.", call("print(a)"), "Done.");
  python.expect({}, {});
  await session.ask("/ask One");
  await session.restartPython();
  await session.ask("/ask Two");
  expect(python.starts).toHaveLength(2);
  expect(JSON.stringify(author.requests.at(-1)?.messages)).toContain("A new Python was started for this cell");
  analysis.assertFinished();
});

test("Python is not restarted while a question is being answered, but right after", async () => {
  analysis = await createAnalysis();
  await analysis.attach();
  const { session, author, python, events } = analysis;
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  author.expect(call("slow()"), call("quick()"), "Done.", call("next()"), "Done.");
  python.expect({ until: released }, {}, {});
  const asking = session.ask("/ask One");
  await expect.poll(() => events.some(({ type }) => type === "cell-run")).toBe(true);
  let restarted = false;
  const restarting = session.restartPython().then(() => (restarted = true));
  await settled();
  expect(restarted).toBe(false);
  release();
  expect((await asking).status).toBe("done");
  await restarting;
  expect(python.starts).toHaveLength(1);
  await session.ask("/ask Two");
  expect(python.starts).toHaveLength(2);
  analysis.assertFinished();
});

test("a session without Python has none to restart", async () => {
  analysis = await createAnalysis();
  await analysis.session.restartPython();
  expect(analysis.python.starts).toEqual([]);
});

test("where Python cannot be had, who is asked at that moment is not waited for", async () => {
  const { promise: aborted, resolve } = Promise.withResolvers<unknown>();
  const startError = new AgentError("python.missing", { looked: [] }, "No Python was found.");
  const asked = Promise.withResolvers<void>();
  analysis = await createAnalysis({ startError, startsAfter: () => asked.promise });
  await analysis.attach();
  const { session, router } = analysis;
  router.expect((_request, signal) => {
    signal.addEventListener("abort", () => resolve(signal.reason));
    asked.resolve();
    return { text: "assistant_agent", until: new Promise(() => undefined) };
  });
  expect(await session.ask("How many deaths?")).toMatchObject({
    status: "failed",
    problem: { code: "python.missing" },
  });
  expect(await aborted).toMatchObject({ name: "AbortError" });
});
