import { afterEach, expect, test } from "vitest";
import { runHere, usualClusterPlace } from "../protocol/run-place.ts";
import { type Analysis, createAnalysis } from "../testing/analysis-fixture.ts";

let analysis: Analysis;
afterEach(() => analysis.dispose());

const call = (code: string) => ({ toolCalls: [{ name: "run_python", arguments: { code } }] });
const big = { ...usualClusterPlace, cpus: 4, memoryBytes: 2 ** 34 };

test("a session runs here; where it moves its Python is ended, and the next cell runs in one that was asked for there", async () => {
  analysis = await createAnalysis();
  await analysis.attach();
  const { session, author, python } = analysis;
  author.expect(call("a = 1"), "Done.", call("print(a)"), "Done.");
  python.expect({}, {});
  expect([session.place.current, session.place.hasVariables]).toEqual([runHere, false]);
  await session.ask("/ask One");
  expect(session.place.hasVariables).toBe(true);
  expect(await session.place.moveTo(big)).toEqual({ kernel: undefined });
  expect([session.place.current, session.place.hasVariables]).toEqual([big, false]);
  await session.place.warmUp();
  await session.ask("/ask Two");
  expect(python.starts.map(({ place }) => place)).toEqual([undefined, big]);
  expect(JSON.stringify(author.requests.at(-1)?.messages)).toContain("A new Python was started for this cell");
  analysis.assertFinished();
});

test("what runs as it is asked to is left alone; what is left on a cluster is told, and is not found again", async () => {
  analysis = await createAnalysis();
  const { session, python, open, events } = analysis;
  await session.place.moveTo(big);
  await session.place.warmUp();
  python.starts[0]?.onKernel?.({ cluster: "http://head:8265", name: "kernel-1" });
  expect(await session.place.moveTo({ ...big, custom: { none: 0 } })).toEqual({ kernel: undefined });
  expect(open.log.state.kernel?.name).toBe("kernel-1");
  expect(await session.place.moveTo(runHere)).toEqual({ kernel: { cluster: "http://head:8265", name: "kernel-1" } });
  expect(open.log.state.kernel).toBeUndefined();
  expect(events.filter(({ type }) => type === "place-choose")).toHaveLength(2);
});

test("a session that is opened again looks for its Python on the cluster, and for nothing else", async () => {
  analysis = await createAnalysis();
  const { session, python } = analysis;
  expect(await session.place.find()).toBe(false);
  await session.place.moveTo(big);
  expect(await session.place.find()).toBe(false);
  expect(python.starts).toEqual([]);
  await session.place.warmUp();
  python.starts[0]?.onKernel?.({ cluster: "http://head:8265", name: "kernel-1" });
  python.end();
  await expect.poll(() => session.place.find()).toBe(true);
  expect(python.starts.at(-1)).toMatchObject({ onlyKnown: true, place: big, kernel: { name: "kernel-1" } });
});

test("a Python on a cluster in which nothing has run has no variables to lose, one that is found again may have", async () => {
  analysis = await createAnalysis();
  const { session, author, python } = analysis;
  author.expect(call("a = 1"), "Done.", call("b = 1"), "Done.");
  python.expect({}, {});
  await session.ask("/ask One");
  await session.place.moveTo(big);
  await session.place.warmUp();
  python.starts.at(-1)?.onKernel?.({ cluster: "http://head:8265", name: "kernel-1" });
  expect(session.place.hasVariables).toBe(false);
  await session.ask("/ask Two");
  python.end();
  expect(session.place.hasVariables).toBe(true);
  // Whoever opens the session again says the same name again.
  python.starts.at(-1)?.onKernel?.({ cluster: "http://head:8265", name: "kernel-1" });
  expect(session.place.hasVariables).toBe(true);
});

test("a session does not move while a question is being answered", async () => {
  analysis = await createAnalysis();
  await analysis.attach();
  const { session, author, python, events } = analysis;
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  author.expect(call("slow()"), "Done.");
  python.expect({ until: released });
  const asking = session.ask("/ask One");
  await expect.poll(() => events.some(({ type }) => type === "cell-run")).toBe(true);
  await expect(session.place.moveTo(big)).rejects.toMatchObject({ code: "session.busy" });
  release();
  expect((await asking).status).toBe("done");
  expect(session.place.current).toEqual(runHere);
});
