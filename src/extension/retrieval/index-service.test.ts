import { expect, test, vi } from "vitest";
import type { Embedder } from "../../agents/ports/embedder.ts";
import type { IndexReport, IndexUpdateRequest } from "../../agents/ports/passage-index.ts";
import type { CarriedBy } from "../../agents/retrieval/carried/carry-update.ts";
import type { Changes } from "./change-batch.ts";
import { IndexService } from "./index-service.ts";

vi.mock("vscode", async () => ({
  EventEmitter: (await import("../testing/fake-event-emitter.ts")).FakeEventEmitter,
}));

const report: IndexReport = {
  root: "/w",
  files: 1,
  passages: 1,
  added: 1,
  changed: 0,
  removed: 0,
  unchanged: 0,
  leftOut: [],
  leftOutFiles: 0,
  tooManyFiles: false,
  readBytes: 1,
  durationMs: 1,
  database: "/index.db",
  sizeBytes: 1,
};

function fakes(update: (request: IndexUpdateRequest, signal: AbortSignal) => Promise<IndexReport>) {
  const updates: IndexUpdateRequest[] = [];
  const watched = new Map<string, (changes: Changes) => Promise<void>>();
  const backend = {
    update: vi.fn(async (request: IndexUpdateRequest, signal: AbortSignal) => {
      updates.push(request);
      return update(request, signal);
    }),
    carry: vi.fn(async (request: IndexUpdateRequest, _by: CarriedBy, signal: AbortSignal) => {
      updates.push(request);
      return update(request, signal);
    }),
    search: vi.fn(async () => []),
    read: vi.fn(async () => ({ passages: [], count: 0, characters: 0, files: 0 })),
    status: vi.fn(),
    remove: vi.fn(async () => undefined),
    useEmbedder: vi.fn(),
    dispose: vi.fn(async () => undefined),
  };
  const open = vi.fn(async () => backend);
  const onTrouble = vi.fn();
  const service = new IndexService({
    open,
    exclude: () => ["**/hidden"],
    findEmbedder: async () => embedder,
    watch: (root, onChanges) => {
      watched.set(root, onChanges);
      return { dispose: () => watched.delete(root) };
    },
    onTrouble,
  });
  return { service, updates, watched, backend, open, onTrouble };
}

const embedder: Embedder = { id: "e", model: "m", place: "p", maxBatch: 1, embed: async () => [] };
const never = new AbortController().signal;
const looksOf = (updates: readonly IndexUpdateRequest[]) =>
  updates.map(({ root, only, named, exclude }) => ({ root, only, named, exclude }));

test("nothing is opened or watched before something is asked about", () => {
  const { service, open, watched } = fakes(async () => report);
  expect(open).not.toHaveBeenCalled();
  expect(watched.size).toBe(0);
  service.dispose();
});

test("what was asked about is followed: the same files, named as before, without what is hidden", async () => {
  const { service, updates, watched } = fakes(async () => report);
  await service.update({ root: "/w", only: ["a.md"], named: true }, never);
  await watched.get("/w")?.(["a.md", "b.md"]);
  await watched.get("/w")?.(["b.md"]);
  expect(looksOf(updates).slice(1)).toEqual([{ root: "/w", only: ["a.md"], named: true, exclude: ["**/hidden"] }]);
});

test("progress is told and goes with the update; a failure stays until an update works", async () => {
  const { service } = fakes(async ({ only, onProgress }) => {
    onProgress?.({ doneFiles: 3, ofFiles: 9 });
    if (only?.includes("bad")) {
      throw new Error("full");
    }
    return report;
  });
  const seen: unknown[] = [];
  service.onChange(() => seen.push(service.roots[0]?.progress));
  await expect(service.update({ root: "/w", only: ["bad"] }, never)).rejects.toThrow("full");
  expect(seen).toContainEqual({ doneFiles: 3, ofFiles: 9 });
  expect(service.roots).toEqual([{ root: "/w", progress: null, problem: new Error("full") }]);
  await service.update({ root: "/w" }, never);
  expect(service.roots[0]?.problem).toBeNull();
});

test("a stopped update rejects with an abort and is no problem", async () => {
  const { service } = fakes(
    async (_request, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  );
  const updating = service.update({ root: "/w" }, never);
  await vi.waitFor(() => expect(service.roots).toHaveLength(1));
  await Promise.resolve();
  service.stop("/w");
  await expect(updating).rejects.toMatchObject({ name: "AbortError" });
  expect(service.roots[0]?.problem).toBeNull();
});

test("a deleted index is followed no more; a rebuilt one holds what it held", async () => {
  const { service, updates, watched, backend } = fakes(async () => report);
  await service.update({ root: "/w", only: ["a.md"], named: true }, never);
  await service.rebuild("/w", never);
  expect(backend.remove).toHaveBeenCalledWith("/w");
  expect(looksOf(updates).at(-1)).toEqual({ root: "/w", only: ["a.md"], named: true, exclude: ["**/hidden"] });
  await service.remove("/w");
  expect(watched.size).toBe(0);
  expect(service.roots).toEqual([]);
});

test("after a change of settings the work begins anew with the roots in use", async () => {
  const { service, updates, backend, open } = fakes(async () => report);
  await service.restart();
  expect(open).not.toHaveBeenCalled();
  await service.update({ root: "/w" }, never);
  await service.restart();
  expect(backend.dispose).toHaveBeenCalledOnce();
  expect(open).toHaveBeenCalledTimes(2);
  expect(updates).toHaveLength(2);
});

test("an index that is opened, or opened again, uses the model that embeds", async () => {
  const { service, backend } = fakes(async () => report);
  await service.refreshEmbedder();
  expect(backend.useEmbedder).not.toHaveBeenCalled();
  await service.update({ root: "/w" }, never);
  await vi.waitFor(() => expect(backend.useEmbedder).toHaveBeenCalledWith(embedder));
  expect(service.embedder).toBe(embedder);
  await service.restart();
  await vi.waitFor(() => expect(backend.useEmbedder).toHaveBeenCalledTimes(2));
});

test("what fails while following is told and does not reject", async () => {
  const { service, watched, onTrouble } = fakes(async ({ only }) => {
    if (only !== undefined) {
      throw new Error("gone");
    }
    return report;
  });
  await service.update({ root: "/w" }, never);
  await watched.get("/w")?.(["a.md"]);
  expect(onTrouble).toHaveBeenCalledWith(new Error("gone"));
});

test("an update that others do is followed and stopped as one of this machine", async () => {
  const carrier = { carry: () => Promise.reject(new Error("not asked here")) };
  const { service, updates, backend } = fakes((_request, signal) => untilStopped(signal));
  const carrying = service.carry("/a", { carrier, onNotice: () => undefined }, never);
  await vi.waitFor(() => expect(backend.carry).toHaveBeenCalled());
  expect(looksOf(updates)).toEqual([{ root: "/a", only: undefined, named: undefined, exclude: ["**/hidden"] }]);
  expect(service.roots.map(({ root, progress }) => [root, progress !== null])).toEqual([["/a", true]]);
  service.stop("/a");
  await expect(carrying).rejects.toMatchObject({ name: "AbortError" });
  expect(service.roots[0]?.progress).toBeNull();
});

function untilStopped(signal: AbortSignal): Promise<IndexReport> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new DOMException("Stopped.", "AbortError")));
  });
}
