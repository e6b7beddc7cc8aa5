import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { CellClock } from "./cell-clock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("does not count while it stands still, and expires once", () => {
  const onExpired = vi.fn<() => void>();
  const clock = new CellClock(1000, onExpired);
  clock.resume();
  vi.advanceTimersByTime(600);
  clock.pause();
  vi.advanceTimersByTime(10_000);
  expect(onExpired).not.toHaveBeenCalled();
  clock.resume();
  vi.advanceTimersByTime(399);
  expect(onExpired).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2);
  clock.resume();
  vi.advanceTimersByTime(10_000);
  expect(onExpired).toHaveBeenCalledTimes(1);
});

it("never expires without a limit", () => {
  const onExpired = vi.fn<() => void>();
  new CellClock(0, onExpired).resume();
  vi.advanceTimersByTime(1e9);
  expect(onExpired).not.toHaveBeenCalled();
});
