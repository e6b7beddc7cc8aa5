import { expect, it } from "vitest";
import { describeEnding } from "./ending.ts";

it.each([
  [{ exitCode: 3, cause: "itself", tail: "" }, "Python ended with exit code 3. Its variables are lost."],
  [{ exitCode: 139, cause: "itself", tail: "" }, "Python was ended by SIGSEGV. Its variables are lost."],
  [
    { exitCode: undefined, cause: "itself", tail: "" },
    "Python has ended, or its terminal was closed. Its variables are lost.",
  ],
  [{ exitCode: 0, cause: "closed", tail: "x" }, "The session's Python was closed."],
  [
    { exitCode: 1, cause: "itself", tail: "", memoryLimitBytes: 300 * 2 ** 20 },
    "Python ended with exit code 1. Its variables are lost. It was held to 0.3 GB of memory, which may be why: libraries that get no more often end Python.",
  ],
  [
    { exitCode: 0, cause: "itself", tail: "", memoryLimitBytes: 2 ** 30 },
    "Python ended with exit code 0. Its variables are lost.",
  ],
] as const)("%j", (ending, sentence) => {
  expect(describeEnding(ending)).toBe(sentence);
});

it("adds what was said last", () => {
  expect(describeEnding({ exitCode: 1, cause: "itself", tail: "Boom\n" })).toContain("It last said:\nBoom");
});
