import { expect, test } from "vitest";
import { AgentError } from "../base/errors.ts";
import type { InterpreterOptions, InterpreterProvider } from "../ports/interpreter.ts";
import { settled } from "../testing/core-fixture.ts";
import { createFakePython } from "../testing/fake-interpreter.ts";
import { PythonHost } from "./python-host.ts";

const options: InterpreterOptions = { title: "t", workingDirectory: "/", outputDirectory: "/", memoryLimitBytes: 0 };
const { signal } = new AbortController();

test("one interpreter is shared, also while it starts", async () => {
  const python = createFakePython();
  const host = new PythonHost(python, () => options);
  const [a, b] = await Promise.all([host.interpreter(signal), host.interpreter(signal)]);
  expect(await host.interpreter(signal)).toBe(a);
  expect(b).toBe(a);
  expect([python.starts.length, host.generation]).toEqual([1, 1]);
});

test("a start that was given up with its question does not fail the next one, however slowly it ends", async () => {
  const python = createFakePython();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  let starts = 0;
  const slow: InterpreterProvider = {
    async start(given, own) {
      starts += 1;
      if (starts === 1) {
        await released;
        own.throwIfAborted();
      }

      return python.start(given, own);
    },
  };
  const host = new PythonHost(slow, () => options);
  const stopped = new AbortController();
  const first = host.interpreter(stopped.signal);
  stopped.abort(new Error("stopped"));
  const second = host.interpreter(signal);
  const third = host.interpreter(signal);
  release();
  await expect(first).rejects.toThrow("stopped");
  expect(await second).toBe(await third);
  expect(starts).toBe(2);
});

test("a start that fails is tried again by the next call", async () => {
  let fails = true;
  const python = createFakePython();
  const provider: InterpreterProvider = {
    start: (given, own) =>
      fails ? Promise.reject(new AgentError("python.missing", { looked: [] }, "No Python.")) : python.start(given, own),
  };
  const host = new PythonHost(provider, () => options);
  await expect(host.interpreter(signal)).rejects.toMatchObject({ code: "python.missing" });
  await expect(host.brief(signal)).rejects.toMatchObject({ code: "python.missing" });
  fails = false;
  expect(await host.brief(signal)).toMatchObject({ available: true, info: { version: "3.11.7" } });
});

test("an interpreter that ends is replaced, and its end does not touch the one that followed", async () => {
  const python = createFakePython();
  const host = new PythonHost(python, () => options);
  const first = await host.interpreter(signal);
  const closing = host.close();
  const second = await host.interpreter(signal);
  await closing;
  await settled();
  expect(second).not.toBe(first);
  expect(await host.interpreter(signal)).toBe(second);
  python.end();
  await settled();
  expect(await host.interpreter(signal)).not.toBe(second);
  expect(host.generation).toBe(3);
});

test("an untrusted workspace is a fact, not a failure", async () => {
  const startError = new AgentError("python.untrusted", { reason: "r" }, "Not trusted.");
  const host = new PythonHost(createFakePython({ startError }), () => options);
  expect(await host.brief(signal)).toEqual({ available: false, reason: "Not trusted." });
});

test("one that was found again has the variables of earlier cells, one that was started has not", async () => {
  const python = createFakePython();
  const found: InterpreterProvider = {
    async start(given, own) {
      const interpreter = await python.start(given, own);
      return { ...interpreter, info: { ...interpreter.info, isResumed: true } };
    },
  };
  const [fresh, resumed] = [new PythonHost(python, () => options), new PythonHost(found, () => options)];
  await Promise.all([fresh.interpreter(signal), resumed.interpreter(signal)]);
  expect([fresh.keepsVariables, resumed.keepsVariables]).toEqual([false, true]);
  expect([fresh.noteCell(), resumed.noteCell()]).toEqual([undefined, resumed.generation]);
});

test("letting go ends an interpreter, unless it can be found again", async () => {
  const done: string[] = [];
  const leave = async () => void done.push("left");
  const close = async () => void done.push("closed");
  const python = createFakePython();
  const withLeave: InterpreterProvider = {
    async start(given, own) {
      const interpreter = await python.start(given, own);
      return { ...interpreter, leave, close };
    },
  };
  const other = new PythonHost(withLeave, () => options);
  await other.interpreter(signal);
  await other.leave();
  await other.interpreter(signal);
  await other.close();
  expect(done).toEqual(["left", "closed"]);

  const host = new PythonHost(python, () => options);
  const interpreter = await host.interpreter(signal);
  await host.leave();
  expect(await interpreter.closed).toBe("Closed.");
  expect(host.running).toBeUndefined();
});

/** Starts that wait until they are released, and say by which signal they were given up. */
function slowProvider() {
  const python = createFakePython();
  const starts: { readonly onlyKnown: boolean; readonly signal: AbortSignal; readonly release: () => void }[] = [];
  const provider: InterpreterProvider = {
    async start(given, own) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      own.addEventListener("abort", () => reject(new Error("given up", { cause: own.reason })));
      starts.push({ onlyKnown: given.onlyKnown === true, signal: own, release: resolve });
      await promise;
      return python.start(given, own);
    },
  };
  return { python, provider, starts };
}

test("whoever stops waiting for a start is free at once; it goes on for the others and is given up with the last", async () => {
  const { provider, starts } = slowProvider();
  const host = new PythonHost(provider, () => options);
  const [one, two] = [new AbortController(), new AbortController()];
  const waits = [host.interpreter(one.signal), host.interpreter(two.signal)];
  one.abort(new Error("one"));
  await expect(waits[0]).rejects.toThrow("one");
  expect(starts.map(({ signal: own }) => own.aborted)).toEqual([false]);
  two.abort(new Error("two"));
  await expect(waits[1]).rejects.toThrow("two");
  expect(starts.map(({ signal: own }) => own.aborted)).toEqual([true]);
  expect(host.running).toBeUndefined();
});

test("one that is started early outlives the questions that wait for it, and goes with closing", async () => {
  const { provider, starts } = slowProvider();
  const host = new PythonHost(provider, () => options);
  const warming = host.warmUp();
  const stopped = new AbortController();
  const waiting = host.interpreter(stopped.signal);
  stopped.abort(new Error("stopped"));
  await expect(waiting).rejects.toThrow("stopped");
  expect(starts.map(({ signal: own }) => own.aborted)).toEqual([false]);
  await host.close();
  await expect(warming).rejects.toThrow("given up");
  expect(starts.map(({ signal: own }) => own.aborted)).toEqual([true]);
});

test("one that is being started has no variables yet", async () => {
  const { provider, starts } = slowProvider();
  const host = new PythonHost(provider, () => options);
  const first = host.warmUp();
  starts[0]?.release();
  await first;
  host.noteCell();
  expect(host.keepsVariables).toBe(true);
  await host.close();
  const second = host.warmUp();
  expect(host.keepsVariables).toBe(false);
  starts[1]?.release();
  await second;
  expect(host.keepsVariables).toBe(false);
});

test("one that is only looked for is found or not, and a question that waits meanwhile gets another then", async () => {
  const { provider, starts, python } = slowProvider();
  const host = new PythonHost(provider, () => options);
  const finding = host.find();
  starts[0]?.release();
  expect(await finding).toBe(true);
  expect([await host.find(), starts.length]).toEqual([true, 1]);
  python.end();
  await settled();

  const gone: InterpreterProvider = {
    start: async (given, own) => {
      if (given.onlyKnown === true) {
        await settled();
        throw new AgentError("remote.gone", { name: "k", why: "gone", reason: "r" }, "Gone.");
      }

      return python.start(given, own);
    },
  };
  const other = new PythonHost(gone, () => options);
  const [found, interpreter] = await Promise.all([other.find(), other.interpreter(signal)]);
  expect(found).toBe(false);
  expect(await other.interpreter(signal)).toBe(interpreter);
});

test.each([
  [true, "left"],
  [false, "closed"],
])("one that comes after it was given up (it ran before: %j) is %s", async (isResumed, how) => {
  const done: string[] = [];
  const leave = async () => void done.push("left");
  const close = async () => void done.push("closed");
  const python = createFakePython();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const late: InterpreterProvider = {
    async start(given, own) {
      await released;
      const interpreter = await python.start(given, new AbortController().signal);
      expect(own.aborted).toBe(true);
      return { ...interpreter, info: { ...interpreter.info, isResumed }, leave, close };
    },
  };
  const host = new PythonHost(late, () => options);
  const asked = new AbortController();
  const waiting = host.interpreter(asked.signal);
  asked.abort(new Error("stopped"));
  await expect(waiting).rejects.toThrow("stopped");
  release();
  await expect.poll(() => done).toEqual([how]);
  expect(host.generation).toBe(0);
});
