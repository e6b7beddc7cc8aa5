import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type PlanRequest, isInside, planSandbox } from "./sandbox-plan.ts";
import { underBubblewrap } from "./bubblewrap.ts";

let root: string;
let request: PlanRequest;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "byzer-plan-")));
  for (const folder of ["home/.ssh", "home/work/.git", "home/work/.venv/bin", "home/work/deep/er", "output", "tmp"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const file of ["home/.netrc", "home/work/.env", "home/work/deep/er/server.pem", "home/work/.venv/x.pem"]) {
    writeFileSync(join(root, file), "");
  }
  request = {
    mode: "workspace",
    home: join(root, "home"),
    workingDirectory: join(root, "home/work"),
    outputDirectory: join(root, "output"),
    temporary: join(root, "tmp"),
    programs: [join(root, "home/work/.venv")],
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const below = (paths: readonly string[]) =>
  paths.filter((path) => isInside(path, root)).map((path) => path.slice(root.length));

test("a workspace may be written, but not what runs later, nor the Python that runs; keys in it are hidden", () => {
  const plan = planSandbox(request);
  expect(below(plan.writable)).toEqual(["/home/work", "/output", "/tmp"]);
  expect(below(plan.guarded)).toEqual(["/home/work/.git", "/home/work/.venv"]);
  expect(below(plan.hidden.map(({ path }) => path)).toSorted()).toEqual([
    "/home/.netrc",
    "/home/.ssh",
    "/home/work/.env",
    "/home/work/deep/er/server.pem",
  ]);
});

test("strict: the session's folder and temporary files only", () => {
  const plan = planSandbox({ ...request, mode: "strict" });
  expect(below(plan.writable)).toEqual(["/output", "/tmp"]);
  expect(plan.guarded).toEqual([]);
});

test("a home, or a folder with a home in it, is never opened for writing as a whole", () => {
  for (const wide of [join(root, "home"), root, "/"]) {
    expect(below(planSandbox({ ...request, workingDirectory: wide }).writable)).toEqual(["/output", "/tmp"]);
  }
});

test("a place of keys that is a link is hidden where it leads", () => {
  mkdirSync(join(root, "elsewhere"));
  symlinkSync(join(root, "elsewhere"), join(root, "home/.aws"));
  const { hidden } = planSandbox(request);
  expect(hidden).toContainEqual({ path: join(root, "elsewhere"), kind: "folder" });
});

test("bubblewrap: what is guarded and hidden in a folder comes after the folder is opened", () => {
  const { args } = underBubblewrap({ executable: "/usr/bin/bwrap", nesting: false }, planSandbox(request), {
    executable: "/p/python",
    args: ["-X", "utf8"],
  });
  const at = (...part: readonly string[]) =>
    args.findIndex((_, index) => part.every((word, next) => args[index + next] === word));
  const work = join(root, "home/work");
  const opened = at("--bind", work, work);
  expect(opened).toBeGreaterThan(at("--tmpfs", join(root, "home/.ssh")));
  expect(at("--ro-bind", join(work, ".git"), join(work, ".git"))).toBeGreaterThan(opened);
  expect(at("--ro-bind", "/dev/null", join(work, ".env"))).toBeGreaterThan(opened);
  expect(args).not.toContain("--unshare-net");
  expect(args.slice(args.indexOf("--"))).toEqual(["--", "/p/python", "-X", "utf8"]);
});
