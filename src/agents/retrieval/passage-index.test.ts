import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPassageIndex, type ThreadedPassageIndex } from "./passage-index.ts";

const never = new AbortController().signal;
let folder = "";
let root = "";
let index: ThreadedPassageIndex;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "byzer-threaded-")));
  root = join(folder, "files");
  mkdirSync(root);
  index = createPassageIndex({ folder: join(folder, "index") });
});

afterEach(async () => {
  await index.dispose();
  rmSync(folder, { recursive: true, force: true });
});

test("through the thread: the status of nothing makes nothing, then all there is can be asked for", async () => {
  writeFileSync(join(root, "a.txt"), "The zebra sleeps.");
  expect(await index.status(root)).toMatchObject({ files: 0, passages: 0, updating: false, updatedMs: null });
  expect(existsSync(join(folder, "index"))).toBe(false);
  writeFileSync(join(root, "b.txt"), "Many words. ".repeat(100_000));
  const update = index.update({ root }, never);
  const during = await index.status(root);
  expect([during.updating, (await update).files]).toEqual([true, 2]);
  expect(await index.status(root)).toMatchObject({
    files: 2,
    updating: false,
    updatedMs: expect.any(Number),
  });
  expect(await index.read({ root, within: [{ path: "a.txt" }], mostCharacters: 100 }, never)).toMatchObject({
    passages: [{ path: "a.txt", text: "The zebra sleeps." }],
    files: 1,
  });
  expect(await index.search({ root, text: "zebra", top: 1, within: [{ path: "a.txt" }] }, never)).toHaveLength(1);
  await index.remove(root);
  expect(await index.status(root)).toMatchObject({ files: 0, sizeBytes: 0 });
});
