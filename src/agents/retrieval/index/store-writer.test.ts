import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PassageStore } from "./passage-store.ts";
import { createStoreWriter } from "./store-writer.ts";

let folder = "";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
  folder = mkdtempSync(join(tmpdir(), "byzer-writer-"));
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

test("the first transactions end early, later ones last up to four seconds", async () => {
  const store = new PassageStore(join(folder, "index.db"), 1e9);
  const writer = createStoreWriter(store);
  const ends: number[] = [];
  for (let tenths = 1; tenths <= 200; tenths += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await writer.open(new AbortController().signal);
    vi.advanceTimersByTime(100);
    writer.mayEnd(0);
    if (!store.isWriting) {
      ends.push(tenths / 10);
    }
  }
  writer.end();
  store.close();
  expect(ends).toEqual([0.3, 0.9, 2, 4.1, 8.2, 12.3, 16.4]);
});
