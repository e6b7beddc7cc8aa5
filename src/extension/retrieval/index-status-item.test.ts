import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AgentError } from "../../agents/base/errors.ts";
import type { IndexStatus } from "../../agents/ports/passage-index.ts";
import type { RootInUse } from "./index-service.ts";
import { IndexStatusItem } from "./index-status-item.ts";

const { item } = vi.hoisted(() => ({
  item: { text: "", tooltip: { value: "" }, show: () => undefined, hide: () => undefined, dispose: () => undefined },
}));
vi.mock("vscode", () => ({
  MarkdownString: class {
    value = "";
    appendMarkdown(text: string) {
      this.value += text;
    }
    appendText(text: string) {
      this.value += text;
    }
  },
  StatusBarAlignment: { Right: 2 },
  ThemeColor: vi.fn(),
  env: { language: "zh-cn" },
  l10n: {
    t: (text: string, ...values: readonly unknown[]) =>
      text.replaceAll(/\{(\d)\}/gu, (_all, at) => String(values[Number(at)])),
  },
  window: { createStatusBarItem: () => item },
}));

const status: IndexStatus = {
  files: 3,
  passages: 9,
  embedded: 0,
  sizeBytes: 2048,
  updating: false,
  updatedMs: null,
  leftOutFiles: 0,
  leftOut: [],
};
const idle: RootInUse = { root: "/w/notes", progress: null, problem: null };

/** A service whose states a test sets. */
function fakeService(roots: readonly RootInUse[], read: () => Promise<IndexStatus>) {
  const told: (() => void)[] = [];
  const onChange = (tell: () => void) => {
    told.push(tell);
    return { dispose: () => undefined };
  };
  const service = { roots, embedder: null, status: read, onChange };
  const change = (now: readonly RootInUse[]): void => {
    service.roots = now;
    told.forEach((tell) => tell());
  };
  const shown = new IndexStatusItem(service);
  return { change, shown };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("an update that ends while its index is being read is not shown as one that goes on", async () => {
  const { promise: slowly, resolve } = Promise.withResolvers<IndexStatus>();
  const answers = [slowly, Promise.resolve(status)];
  const { change, shown } = fakeService([], () => answers.shift() ?? Promise.resolve(status));
  change([{ ...idle, progress: { doneFiles: 2, ofFiles: 3 } }]);
  expect(item.text).toBe("$(sync~spin) Indexing 2 of 3");
  await vi.advanceTimersByTimeAsync(500);
  change([idle]);
  await vi.advanceTimersByTimeAsync(2000);
  resolve({ ...status, files: 2 });
  await vi.advanceTimersByTimeAsync(1);
  expect(item.text).toBe("$(book) 2 files");
  await vi.advanceTimersByTimeAsync(500);
  expect(item.text).toBe("$(book) 3 files");
  shown.dispose();
});

test("why there are no embeddings is said in the language of the editor", async () => {
  const details = { baseUrl: "http://far.example/v1", status: 500, reason: "" };
  const embeddingProblem = { code: "embedding.failed", message: "In English.", details };
  const { change, shown } = fakeService([], async () => ({ ...status, embeddingProblem }));
  change([idle]);
  await vi.advanceTimersByTimeAsync(500);
  expect(item.text).toBe("$(warning) 3 files");
  expect(item.tooltip.value).toContain("far.example 没能生成向量（状态 500）。");
  shown.dispose();
});

test("an index that cannot be read says why", async () => {
  const gone = new AgentError("index.unreachable", { server: "db", reason: "refused" }, "In English.");
  const { change, shown } = fakeService([], () => Promise.reject(gone));
  change([idle]);
  await vi.advanceTimersByTimeAsync(500);
  expect(item.text).toBe("$(warning) Index");
  expect(item.tooltip.value).toContain("无法连接 db 上的共享索引：refused。");
  shown.dispose();
});
