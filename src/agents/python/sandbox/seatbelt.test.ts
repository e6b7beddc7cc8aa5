import { expect, test } from "vitest";
import type { SandboxPlan } from "./sandbox-plan.ts";
import { seatbeltProfile, underSeatbelt } from "./seatbelt.ts";

const plan: SandboxPlan = {
  mode: "strict",
  workingDirectory: "/Users/x/work",
  writable: ["/Users/x/session/output", "/private/tmp/byzer-1"],
  guarded: [],
  hidden: [
    { path: "/Users/x/.ssh", kind: "folder" },
    { path: '/Users/x/.net"rc', kind: "file" },
  ],
  needed: ["/Users/x/venv"],
  temporary: "/private/tmp/byzer-1",
};
const rules = (changes: Partial<SandboxPlan> = {}) => seatbeltProfile({ ...plan, ...changes }, 47_600).split("\n");

test("strict: writing in two folders, no reading of keys, and one port of this machine", () => {
  const found = rules();
  const at = (rule: string) => found.indexOf(rule);
  expect(at("(deny file-write*)")).toBeGreaterThan(0);
  expect(
    at('(allow file-write* (subpath "/Users/x/session/output") (subpath "/private/tmp/byzer-1"))'),
  ).toBeGreaterThan(at("(deny file-write*)"));
  expect(found).toContain(
    String.raw`(deny file-read* file-write* (subpath "/Users/x/.ssh") (literal "/Users/x/.net\"rc"))`,
  );
  expect(at('(allow network-outbound (remote ip "localhost:47600"))')).toBe(at("(deny network*)") + 1);
});

test("workspace: the network stays, and what is guarded is denied after what is allowed", () => {
  const found = rules({ mode: "workspace", writable: ["/Users/x/work"], guarded: ["/Users/x/work/.git"] });
  expect(found).not.toContain("(deny network*)");
  expect(found.indexOf('(deny file-write* (subpath "/Users/x/work/.git"))')).toBeGreaterThan(
    found.indexOf('(allow file-write* (subpath "/Users/x/work"))'),
  );
});

test("the command runs behind its profile, without a shell", () => {
  const { executable, args } = underSeatbelt(plan, 1, { executable: "/v/bin/python", args: ["-X", "utf8", "p"] });
  expect(executable).toBe("/usr/bin/sandbox-exec");
  expect(args).toEqual(["-p", seatbeltProfile(plan, 1), "/v/bin/python", "-X", "utf8", "p"]);
});
