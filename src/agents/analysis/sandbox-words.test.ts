import { expect, test } from "vitest";
import type { CellOutput } from "../protocol/cell-output.ts";
import { sandboxNotes, sandboxRule } from "./sandbox-words.ts";

const error = (name: string, message: string): readonly CellOutput[] => [
  { type: "error", name, message, traceback: "" },
];
const workspace = { mode: "workspace", folders: ["/w", "/s/output"] } as const;
const strict = { mode: "strict", folders: ["/s/output"] } as const;
const off = { mode: "off", folders: [] } as const;

test("authors are told where code may write, and whether there is a network", () => {
  expect(sandboxRule(off)).toBeNull();
  expect(sandboxRule(workspace)).toContain('only in "/w" and "/s/output"');
  expect(sandboxRule(workspace)).not.toContain("network");
  expect(sandboxRule(strict)).toContain("There is no network.");
});

test("a failure that the sandbox may have caused says so, others do not", () => {
  const denied = error("PermissionError", "[Errno 13] Permission denied: '/etc/x'");
  expect(sandboxNotes(workspace, denied)).toHaveLength(1);
  expect(sandboxNotes(off, denied)).toEqual([]);
  expect(sandboxNotes(workspace, error("OSError", "[Errno 30] Read-only file system: '/x'"))).toHaveLength(1);
  expect(sandboxNotes(strict, error("URLError", "<urlopen error>"))).toHaveLength(1);
  expect(sandboxNotes(workspace, error("URLError", "<urlopen error>"))).toEqual([]);
  expect(sandboxNotes(strict, error("KeyError", "'Permission denied'"))).toEqual([]);
  expect(sandboxNotes(strict, [])).toEqual([]);
});
