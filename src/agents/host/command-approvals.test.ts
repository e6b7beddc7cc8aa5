import { expect, test } from "vitest";
import type { ApprovalRequest } from "../ports/approvals.ts";
import { commandApprovals } from "./command-approvals.ts";

const { signal } = new AbortController();
const plain: ApprovalRequest = { turnId: "t", cellId: "c", code: "1", effects: [], risky: false };
const risky: ApprovalRequest = {
  ...plain,
  effects: [{ kind: "network", detail: "example.org", line: 2 }],
  risky: true,
};

/** A terminal at which somebody types `replies`. */
function terminal(...replies: readonly string[]) {
  const left = [...replies];
  const asked: string[] = [];
  const ask = (question: string) => {
    asked.push(question);
    const reply = left.shift();
    return reply === undefined ? Promise.reject(new Error("asked too often")) : Promise.resolve(reply);
  };
  return { asked, streams: { out: () => undefined, err: () => undefined, ask } };
}

test.each([
  ["y", "once"],
  ["Yes", "once"],
  ["是", "once"],
  ["a", "session"],
  ["n", "deny"],
  ["", "deny"],
  ["what?", "deny"],
])("the person answers %j", async (reply, decision) => {
  const { streams, asked } = terminal(reply);
  const approvals = commandApprovals(false, streams);
  expect(approvals.granted(plain)).toBe(false);
  expect(await approvals.ask(plain, signal)).toEqual({ decision, how: "person", code: null });
  expect(asked).toHaveLength(1);
});

test("all covers what computes; what does more is asked for, and shown", async () => {
  const { streams, asked } = terminal("a", "n");
  const approvals = commandApprovals(false, streams);
  await approvals.ask(plain, signal);
  expect(await approvals.ask(plain, signal)).toMatchObject({ decision: "once", how: "command-line" });
  expect(await approvals.ask(risky, signal)).toMatchObject({ decision: "deny", how: "person" });
  expect(asked[1]).toContain("line 2: network: example.org");
});

test("--yes covers everything, without a terminal", async () => {
  const approvals = commandApprovals(true, { ...terminal().streams, ask: undefined });
  expect(await approvals.ask(risky, signal)).toEqual({ decision: "session", how: "command-line", code: null });
});

test("nobody to ask is an error that says the way out", async () => {
  const approvals = commandApprovals(false, { ...terminal().streams, ask: undefined });
  await expect(approvals.ask(plain, signal)).rejects.toMatchObject({
    code: "approval.needed",
    message: expect.stringContaining("--yes"),
  });
});
