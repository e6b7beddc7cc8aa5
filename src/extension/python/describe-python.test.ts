import { expect, test, vi } from "vitest";
import type { TakenPython } from "../../agents/python/find-python.ts";
import { describeEnded, describePython } from "./describe-python.ts";

vi.mock("vscode", () => ({
  l10n: {
    t: (text: string, ...values: readonly string[]) => text.replace(/\{(\d)\}/gu, (_, at) => values[Number(at)] ?? ""),
  },
}));

const held = { mode: "workspace", problem: "" } as const;
const taken: TakenPython = {
  executable: "/usr/bin/python3",
  version: "3.11.7",
  packages: ["pandas", "matplotlib"],
  origin: "PATH",
  passedOver: [],
};
const refusal = "The setting byzer.python.path: /nowhere could not be run";

test("one that has all is ready, and nothing is to be done", () => {
  expect(describePython(taken, held)).toEqual({
    status: "ready",
    label: "Python 3.11.7 · pandas · matplotlib · sandbox",
    advice: "",
  });
});

test("one that stands in for what was chosen says so, and why", () => {
  const { status, advice } = describePython({ ...taken, passedOver: [refusal] }, held);
  expect(status).toBe("replaced");
  expect(advice).toBe(`Code runs in /usr/bin/python3, since the Python that was chosen cannot be used:\n· ${refusal}`);
});

test("what it lacks comes first where it stands in for another", () => {
  const { status, advice } = describePython({ ...taken, packages: ["pandas"], passedOver: [refusal] }, held);
  expect(status).toBe("limited");
  expect(advice).toMatch(/^Not installed there: matplotlib\..*\nCode runs in .*\n· The setting/u);
});

test("that it has ended is said of one in which code can run", () => {
  const state = describePython({ ...taken, passedOver: [refusal] }, held);
  expect(describeEnded(state).status).toBe("ended");
  expect(describeEnded({ ...state, status: "missing" }).status).toBe("missing");
});
