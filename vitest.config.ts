import { defineConfig } from "vitest/config";

/** Tests on a cluster, one at a time. */
const onCluster = {
  globalSetup: "test/ray/start-cluster.ts",
  fileParallelism: false,
  testTimeout: 300_000,
  hookTimeout: 300_000,
  // Ray itself gives up what a machine that is kept busy does too late. What fails is told, then tried once more.
  retry: 1,
  expect: { poll: { timeout: 60_000 } },
};
/** Of these, those that wait for minutes: on a cluster of their own beside the others. */
const waitsLong = ["test/ray/link-cut.test.ts"];

// oxlint-disable-next-line import/no-default-export -- vitest reads the default export
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          // Nothing there changes what another file sees, and most of the time went into loading the same modules again.
          isolate: false,
          testTimeout: 120_000,
          include: [
            "src/agents/**/*.test.ts",
            "webview/**/*.test.ts",
            "test/protocol/**/*.test.ts",
            "test/evals/**/*.test.ts",
          ],
        },
      },
      // Each of these makes an editor of its own.
      { test: { name: "unit-editor", testTimeout: 120_000, include: ["src/extension/**/*.test.ts"] } },
      { test: { name: "rules", include: ["test/rules/**/*.test.ts"], fileParallelism: false, testTimeout: 60_000 } },
      {
        test: {
          name: "process",
          include: ["test/process/**/*.test.ts"],
          // These limits end what hangs: a machine may be some times slower than another, or than itself an hour ago.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "ray",
          include: ["test/ray/**/*.test.ts"],
          exclude: waitsLong,
          ...onCluster,
        },
      },
      { test: { name: "ray-waits", include: waitsLong, ...onCluster } },
      {
        test: {
          name: "ray-editor",
          include: ["test/editor/cluster.user.test.mjs"],
          globalSetup: ["test/editor/pack-extension.mjs", "test/ray/start-cluster.ts"],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 60_000 } },
        },
      },
      {
        test: {
          name: "page",
          include: ["test/page/**/*.test.ts"],
          globalSetup: "test/page/start-pages.ts",
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
          expect: { poll: { timeout: 60_000 } },
        },
      },
      {
        test: {
          name: "editor",
          include: ["test/editor/**/*.test.mjs"],
          // It needs a cluster: `npm run test:ray` has one.
          exclude: ["test/editor/cluster.user.test.mjs"],
          globalSetup: "test/editor/pack-extension.mjs",
          testTimeout: 300_000,
          maxWorkers: 2,
          expect: { poll: { timeout: 60_000 } },
        },
      },
    ],
  },
});
