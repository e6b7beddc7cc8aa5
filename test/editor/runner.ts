import { writeFileSync } from "node:fs";
import { connectDriver, type EditorDriver } from "./driver.ts";

/** What a test may ask of the editor that runs it. */
export type EditorTestContext = {
  /** The page; skips the test in an editor that has no driver. */
  readonly driver: () => EditorDriver;
  /** Ends the test as skipped. */
  readonly skip: (reason: string) => never;
  /** Waits until the condition holds; fails with `what` after `timeoutMs` (default 10 s). */
  readonly until: (what: string, condition: () => boolean | Promise<boolean>, timeoutMs?: number) => Promise<void>;
};

/** One test. It fails when its body throws or takes longer than `timeoutMs` (default 60 s). */
export type EditorTest = {
  readonly name: string;
  readonly timeoutMs?: number;
  readonly body: (context: EditorTestContext) => Promise<void>;
};

/** Tests that run one after another, in this order. */
export type EditorSuite = { readonly name: string; readonly tests: readonly EditorTest[] };

/** The counts of a run. */
export type EditorResults = { readonly passed: number; readonly failed: number; readonly skipped: number };

type Outcome = { readonly kind: "passed" | "failed" | "skipped"; readonly detail: string };

class Skipped extends Error {}

/**
 * Runs suites in the extension host, prints each outcome and a closing line, and writes the counts as JSON to the file
 * that BYZER_EDITOR_RESULTS names.
 *
 * @throws An Error when a test failed or when there was none to run.
 */
export async function runSuites(suites: readonly EditorSuite[]): Promise<EditorResults> {
  const driver = connectDriver();
  const print = driver?.print ?? printToConsole;
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { name: suiteName, tests } of suites) {
    // oxlint-disable-next-line no-await-in-loop -- lines keep their order
    await print(suiteName);
    // Tests share one editor, so they take turns.
    /* oxlint-disable no-await-in-loop */
    for (const test of tests) {
      const startedMs = performance.now();
      const { kind, detail } = await runTest(test, driver);
      counts[kind] += 1;
      const durationMs = Math.round(performance.now() - startedMs);
      await print(
        `  ${kind === "failed" ? "FAILED" : kind}  ${test.name} (${durationMs} ms)${detail && `\n${detail}`}`,
      );
    }
    /* oxlint-enable no-await-in-loop */
  }
  const { passed, failed, skipped } = counts;
  await print(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  const file = process.env["BYZER_EDITOR_RESULTS"];
  if (file !== undefined) {
    writeFileSync(file, JSON.stringify(counts));
  }
  if (failed > 0 || passed + skipped === 0) {
    throw new Error(failed > 0 ? `${failed} editor tests failed.` : "There were no editor tests to run.");
  }
  return counts;
}

async function runTest(test: EditorTest, driver: EditorDriver | undefined): Promise<Outcome> {
  const context: EditorTestContext = {
    skip,
    driver: () => driver ?? skip("this editor's page cannot be driven from a suite"),
    until,
  };
  const limitMs = test.timeoutMs ?? 60_000;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${limitMs} ms.`)), limitMs);
  });
  try {
    await Promise.race([test.body(context), limit]);
    return { kind: "passed", detail: "" };
  } catch (error) {
    return error instanceof Skipped
      ? { kind: "skipped", detail: `    ${error.message}` }
      : { kind: "failed", detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

function skip(reason: string): never {
  throw new Skipped(reason);
}

async function until(what: string, condition: () => boolean | Promise<boolean>, timeoutMs = 10_000) {
  const deadlineMs = Date.now() + timeoutMs;
  // oxlint-disable-next-line no-await-in-loop -- it is a poll
  while (!(await condition())) {
    if (Date.now() > deadlineMs) {
      throw new Error(`After ${timeoutMs} ms still not: ${what}`);
    }
    // oxlint-disable-next-line no-await-in-loop -- it is a poll
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function printToConsole(line: string) {
  // Desktop VS Code forwards its extension host's console to the program that started it.
  // oxlint-disable-next-line no-console -- see above
  console.log(line);
}
