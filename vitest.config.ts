import { defineConfig } from "vitest/config";

// oxlint-disable-next-line import/no-default-export -- vitest reads the default export
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          // Nothing there changes what another file sees, and most of the time went into loading the same modules again.
          isolate: false,
          testTimeout: 30_000,
          include: [
            "src/**/*.test.ts",
            "webview/**/*.test.ts",
            "test/protocol/**/*.test.ts",
            "test/evals/**/*.test.ts",
          ],
        },
      },
      { test: { name: "rules", include: ["test/rules/**/*.test.ts"], fileParallelism: false, testTimeout: 60_000 } },
      {
        test: {
          name: "process",
          include: ["test/process/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "ray",
          include: ["test/ray/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "page",
          include: ["test/page/**/*.test.ts"],
          globalSetup: "test/page/start-pages.ts",
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        test: {
          name: "editor",
          include: ["test/editor/**/*.test.mjs"],
          globalSetup: "test/editor/pack-extension.mjs",
          testTimeout: 120_000,
          maxWorkers: 2,
          expect: { poll: { timeout: 30_000 } },
        },
      },
    ],
  },
});
