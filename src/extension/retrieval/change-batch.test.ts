import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ChangeBatch, type Changes } from "./change-batch.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function gather(): { readonly batch: ChangeBatch; readonly told: Changes[]; readonly end: () => void } {
  const told: Changes[] = [];
  const waiting: (() => void)[] = [];
  const batch = new ChangeBatch(async (changes) => {
    told.push(changes);
    await new Promise<void>((resolve) => waiting.push(resolve));
  });
  return { batch, told, end: () => waiting.shift()?.() };
}

test("changes that come together are told once, each path once", async () => {
  const { batch, told } = gather();
  batch.add("a", "seen");
  await vi.advanceTimersByTimeAsync(100);
  batch.add("b", "seen");
  batch.add("a", "seen");
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(60);
  expect(told).toEqual([["a", "b"]]);
});

test("what was saved is told almost at once, with what had gathered", async () => {
  const { batch, told } = gather();
  batch.add("a", "seen");
  batch.add("b", "saved");
  await vi.advanceTimersByTimeAsync(20);
  expect(told).toEqual([["a", "b"]]);
});

test("what changes while an earlier look goes on is told after it, and nothing is lost", async () => {
  const { batch, told, end } = gather();
  batch.add("a", "saved");
  await vi.advanceTimersByTimeAsync(20);
  batch.add("b", "seen");
  await vi.advanceTimersByTimeAsync(1000);
  expect(told).toEqual([["a"]]);
  end();
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual([["a"], ["b"]]);
  end();
  await vi.advanceTimersByTimeAsync(0);
  batch.add("c", "seen");
  await vi.advanceTimersByTimeAsync(200);
  expect(told).toEqual([["a"], ["b"], ["c"]]);
});

test("a storm is told as many", async () => {
  const { batch, told } = gather();
  for (let index = 0; index < 201; index += 1) {
    batch.add(`file ${index}`, "seen");
  }
  await vi.advanceTimersByTimeAsync(200);
  expect(told).toEqual(["many"]);
});

test("nothing is told after its end", async () => {
  const { batch, told } = gather();
  batch.add("a", "seen");
  batch.dispose();
  await vi.advanceTimersByTimeAsync(1000);
  expect(told).toEqual([]);
});
