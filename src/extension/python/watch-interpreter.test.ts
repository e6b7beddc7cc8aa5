import { expect, test, vi } from "vitest";
import { createFakePython } from "../../agents/testing/fake-interpreter.ts";
import { watchInterpreter } from "./watch-interpreter.ts";

const options = { title: "t", workingDirectory: "/", outputDirectory: "/", memoryLimitBytes: 0 };
const { signal } = new AbortController();

test("an end that nobody asked for is told apart from a closing", async () => {
  const python = createFakePython();
  const onGone = vi.fn();
  watchInterpreter(await python.start(options, signal), onGone);
  expect(onGone).not.toHaveBeenCalled();
  python.end();
  await vi.waitFor(() => expect(onGone).toHaveBeenCalledExactlyOnceWith("ended", expect.any(String)));
});

test("closing is told as such", async () => {
  const onGone = vi.fn();
  const watched = watchInterpreter(await createFakePython().start(options, signal), onGone);
  await watched.close();
  await vi.waitFor(() => expect(onGone).toHaveBeenCalledExactlyOnceWith("closed", "Closed."));
});

test("one that can be left is left, which is no end of it; one that cannot does not say that it can", async () => {
  const onGone = vi.fn();
  const python = createFakePython();
  const interpreter = await python.start(options, signal);
  const leave = vi.fn(async () => interpreter.close());
  const watched = watchInterpreter({ ...interpreter, leave }, onGone);
  await watched.leave?.();
  await watched.closed;
  expect([leave.mock.calls.length, onGone.mock.calls]).toEqual([1, []]);
  expect("leave" in watchInterpreter(interpreter, onGone)).toBe(false);
});

test("what is watched works as before", async () => {
  const python = createFakePython();
  const interpreter = await python.start(options, signal);
  const watched = watchInterpreter(interpreter, vi.fn());
  python.expect({ print: "1" });
  const onOutput = vi.fn();
  expect(await watched.run({ cellId: "c", code: "print(1)", timeLimitMs: 0, onOutput }, signal)).toMatchObject({
    status: "ok",
  });
  expect(onOutput).toHaveBeenCalledWith({ type: "text", stream: "stdout", text: "1" });
  expect(await watched.inspect("1")).toMatchObject({ syntaxError: null });
  expect(watched.info).toEqual(interpreter.info);
  python.assertFinished();
});
