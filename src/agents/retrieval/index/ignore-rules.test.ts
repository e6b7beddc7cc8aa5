import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { GitIgnoring } from "../../ports/passage-index.ts";
import { ignoreRules } from "./ignore-rules.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-ignore-"));
  vi.stubEnv("XDG_CONFIG_HOME", join(folder, "config"));
  const files = {
    "config/git/ignore": "*.bak\n",
    "repo/.git/info/exclude": "info.txt\n",
    "repo/.gitignore": "above.txt\n",
    "repo/part/.gitignore": "own.txt\n!kept.bak\n",
    "repo/part/.byzerignore": "draft.txt\n",
    "alone/.gitignore": "own.txt\n",
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const names = ["plain.txt", "own.txt", "above.txt", "info.txt", "old.bak", "kept.bak", "draft.txt"];

function leftOut(root: string, ignoring?: GitIgnoring): readonly string[] {
  const rules = ignoreRules(join(folder, root), [], ignoring);
  return names.filter((name) => rules.leavesOut(name, false));
}

test("git's ignore files count as far as they are wanted, .byzerignore always", () => {
  expect(leftOut("repo/part")).toEqual(["own.txt", "above.txt", "info.txt", "draft.txt"]);
  expect(leftOut("repo/part", { files: true, parents: false, global: false })).toEqual(["own.txt", "draft.txt"]);
  expect(leftOut("repo/part", { files: false, parents: true, global: true })).toEqual(["draft.txt"]);
  const everything = { files: true, parents: true, global: true };
  expect(leftOut("repo/part", everything)).toEqual(["own.txt", "above.txt", "info.txt", "old.bak", "draft.txt"]);
});

test("the file for all repositories counts outside of them too, as in the editor's search", () => {
  const everything = { files: true, parents: true, global: true };
  expect(leftOut("alone", everything)).toEqual(["own.txt", "old.bak", "kept.bak"]);
  expect(leftOut("alone")).toEqual(["own.txt"]);
});

test("a repository that is read itself keeps its own list when those above it do not count", () => {
  expect(leftOut("repo", { files: true, parents: false, global: false })).toEqual(["above.txt", "info.txt"]);
});
