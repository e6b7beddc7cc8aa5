import { expect, test } from "vitest";
import { endedByFailure } from "./ended-by-failure.ts";

test("what goes on beside work that fails is ended", async () => {
  const seen: AbortSignal[] = [];
  const { promise: fails, reject } = Promise.withResolvers<never>();
  const working = endedByFailure(new AbortController().signal, async (signal) => {
    seen.push(signal);
    await fails;
  });
  expect(seen.map(({ aborted }) => aborted)).toEqual([false]);
  reject(new TypeError("No cluster."));
  await expect(working).rejects.toThrow("No cluster.");
  expect(seen.map(({ aborted }) => aborted)).toEqual([true]);
});

test("work that is done ends nothing, and a person's stop reaches its parts with its reason", async () => {
  const stop = new AbortController();
  const signal = await endedByFailure(stop.signal, (given) => Promise.resolve(given));
  expect(signal.aborted).toBe(false);
  stop.abort("Stopped.");
  expect([signal.aborted, signal.reason]).toEqual([true, "Stopped."]);
});
