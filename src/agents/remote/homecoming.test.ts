import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CodeEffect } from "../protocol/cell-output.ts";
import type { FolderChanges } from "../protocol/remote-kernel.ts";
import { Homecoming, type HomecomingParts } from "./homecoming.ts";
import { isPathBelow } from "./home-path.ts";

const signal = new AbortController().signal;
const writes = (detail: string): CodeEffect => ({ kind: "write-file", detail, line: 1 });
const dynamic: CodeEffect = { kind: "dynamic-code", detail: "exec(x)", line: 1 };
let folder: string;
let work: string;
let contents: Map<string, string>;
let confirmed: number[];
let kept: string[];
let count: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-home-"));
  work = join(folder, "work");
  ["work", "output", "elsewhere"].forEach((name) => mkdirSync(join(folder, name)));
  contents = new Map();
  confirmed = [];
  kept = [];
  count = 0;
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function window(parts: Partial<HomecomingParts> = {}): Homecoming {
  return new Homecoming({
    gateway: {
      fetch: async (sha256, path) => {
        const content = contents.get(sha256);
        if (content === undefined) {
          throw new TypeError("gone");
        }
        await writeFile(path, content);
      },
    },
    workingDirectory: work,
    outputDirectory: join(folder, "output"),
    sandbox: "off",
    node: "10.0.0.7",
    folderThere: "/ray/work",
    tells: true,
    link: () => "up",
    keepTheirs: async (path) => void kept.push(path),
    confirm: (id) => void confirmed.push(id),
    closed: new Promise(() => undefined),
    goesOn: () => false,
    ...parts,
  });
}

/** What a kernel says of files with these contents. */
function told(cell: string | null, files: Readonly<Record<string, string>>): FolderChanges {
  const found = Object.entries(files).map(([path, content]) => {
    const sha256 = createHash("sha256").update(content).digest("hex");
    contents.set(sha256, content);
    return { path, sha256, sizeBytes: content.length };
  });
  count += 1;
  return { id: count, cell, files: found, left: [], deleted: [], more: 0, complete: true };
}

/** A cell from its beginning to its end. */
async function ranCell(home: Homecoming, effects: readonly CodeEffect[], files: Readonly<Record<string, string>>) {
  const id = `cell-${count}`;
  await home.begin(id, effects);
  home.receive(told(id, files));
  return home.end(id, "ok", signal);
}

const here = (path: string): string => readFileSync(join(work, path), "utf8");

test("what code wrote lies here under the same path, and is confirmed", async () => {
  const output = await ranCell(window(), [writes("by_region.csv")], { "by_region.csv": "a", "图/图 表.png": "png" });
  expect([here("by_region.csv"), here("图/图 表.png")]).toEqual(["a", "png"]);
  expect(output).toMatchObject({
    brought: [{ path: "by_region.csv" }, { path: "图/图 表.png", sizeBytes: 3 }],
    left: [],
    node: "10.0.0.7",
    folder: "/ray/work",
  });
  expect(confirmed).toEqual([1]);
  expect(readdirSync(work).toSorted()).toEqual(["by_region.csv", "图"]);
});

test("a cell that wrote nothing says nothing", async () => {
  expect(await ranCell(window(), [], {})).toBeUndefined();
  expect(confirmed).toEqual([]);
});

test("code that was not seen to write brings nothing", async () => {
  const reads: CodeEffect = { kind: "read-file", detail: "x.csv", line: 1 };
  const output = await ranCell(window(), [reads], { "x.csv": "new" });
  expect(output?.left).toEqual([{ path: "x.csv", sizeBytes: 3, why: "unasked" }]);
  expect(existsSync(join(work, "x.csv"))).toBe(false);
});

test.each<readonly [what: string, detail: string, path: string]>([
  ["by its path", "a.csv", "a.csv"],
  ["by its path below a folder", "out/a.csv", "out/a.csv"],
  ["within a call", "Path('a.csv').write_text", "a.csv"],
])("a file that is here is overwritten where code names it %s", async (_what, detail, path) => {
  mkdirSync(join(work, "out"));
  writeFileSync(join(work, path), "old");
  const output = await ranCell(window(), [writes(detail)], { [path]: "new" });
  expect([here(path), output?.left]).toEqual(["new", []]);
});

test("one that code does not name stays, and so does the cluster's; one that an earlier cell brought is replaced", async () => {
  writeFileSync(join(work, "a.csv"), "mine");
  const home = window();
  const first = await ranCell(home, [writes("f'{name}.csv'")], { "a.csv": "theirs", "b.csv": "1" });
  expect(first).toMatchObject({ brought: [{ path: "b.csv" }], left: [{ path: "a.csv", why: "exists" }] });
  expect(kept).toEqual([join(work, "a.csv")]);
  await ranCell(home, [dynamic], { "b.csv": "22" });
  expect([here("a.csv"), here("b.csv")]).toEqual(["mine", "22"]);
  writeFileSync(join(work, "b.csv"), "edited by hand");
  expect((await ranCell(home, [dynamic], { "b.csv": "333" }))?.left).toMatchObject([{ why: "exists" }]);
  expect(here("b.csv")).toBe("edited by hand");
});

test("a file that a person changes while the cell runs is not overwritten", async () => {
  writeFileSync(join(work, "a.csv"), "old");
  const home = window();
  await home.begin("c", [writes("a.csv")]);
  writeFileSync(join(work, "a.csv"), "changed meanwhile");
  home.receive(told("c", { "a.csv": "new" }));
  expect((await home.end("c", "ok", signal))?.left).toMatchObject([{ why: "changed" }]);
  expect(here("a.csv")).toBe("changed meanwhile");
  expect(kept).toEqual([]);
});

test("nothing leaves the folder, follows a link, or is hidden unless it is named", async () => {
  symlinkSync(join(folder, "elsewhere"), join(work, "link"));
  symlinkSync(join(folder, "elsewhere", "x"), join(work, "linked.csv"));
  const bad = ["../x", "/x", "a/../../x", "a//x", "", ".", "a\\x", "a\u0000x", "link/x", "link/sub/x"];
  const paths = [...bad, "linked.csv", ".git/hooks/pre-commit", "sub/.env", ".byzer-files/abc/sales.csv"];
  const effects = [dynamic, ...bad.map(writes), writes("linked.csv")];
  const output = await ranCell(window(), effects, Object.fromEntries(paths.map((path) => [path, path])));
  expect(output?.brought).toEqual([]);
  const whys = Object.fromEntries(output?.left.map(({ path, why }) => [path, why]) ?? []);
  expect(whys).toEqual({
    ...Object.fromEntries(bad.map((path) => [path, "name"])),
    "linked.csv": "exists",
    ".git/hooks/pre-commit": "hidden",
    "sub/.env": "hidden",
    ".byzer-files/abc/sales.csv": "outside",
  });
  expect(readdirSync(join(folder, "elsewhere"))).toEqual([]);
  expect(readdirSync(work).toSorted()).toEqual(["link", "linked.csv"]);
  expect((await ranCell(window(), [writes(".env")], { ".env": "A=1" }))?.brought).toHaveLength(1);
});

test("what the sandbox keeps from code of this machine, it keeps from a cluster", async () => {
  const effects = [writes("a.csv"), writes(".git/config")];
  const strict = await ranCell(window({ sandbox: "strict" }), effects, { "a.csv": "1" });
  expect(strict?.left).toMatchObject([{ path: "a.csv", why: "sandbox" }]);
  const held = await ranCell(window({ sandbox: "workspace" }), effects, { "a.csv": "1", ".git/config": "x" });
  expect(held).toMatchObject({ brought: [{ path: "a.csv" }], left: [{ path: ".git/config", why: "sandbox" }] });
  const home = await ranCell(window({ sandbox: "workspace", workingDirectory: homedir() }), effects, { "a.csv": "1" });
  expect(home?.left).toMatchObject([{ why: "sandbox" }]);
  const brings = (["off", "workspace", "strict"] as const).map((sandbox) => window({ sandbox }).bringsFiles);
  expect([...brings, window({ tells: false }).bringsFiles]).toEqual([true, true, false, false]);
});

test("what cannot be had is told with the reason, and a stop leaves the rest", async () => {
  const changes = told("c", { "a.csv": "1" });
  contents.clear();
  const failing = window({ link: () => "down" });
  await failing.begin("c", [writes("a.csv")]);
  failing.receive(changes);
  const failed = await failing.end("c", "error", signal);
  expect(failed?.left).toEqual([{ path: "a.csv", sizeBytes: 1, why: "failed", reason: "gone" }]);

  const stop = new AbortController();
  const home = window({
    gateway: {
      fetch: async (_sha256, _path, asked) => {
        stop.abort();
        asked.throwIfAborted();
      },
    },
  });
  await home.begin("d", [writes("b.csv")]);
  home.receive(told("d", { "b.csv": "1", "c.csv": "2" }));
  expect((await home.end("d", "ok", stop.signal))?.left.map(({ why }) => why)).toEqual(["stopped", "stopped"]);
});

test("of an interrupted cell, what it wrote until then comes", async () => {
  const home = window();
  await home.begin("c", [writes("a.csv")]);
  const ending = home.end("c", "interrupted", AbortSignal.abort());
  home.receive(told("c", { "a.csv": "half" }));
  expect((await ending)?.brought).toHaveLength(1);
  expect(here("a.csv")).toBe("half");
});

test("a window that comes later brings what was written meanwhile, by the yes that this machine remembers", async () => {
  writeFileSync(join(work, "named.csv"), "old");
  writeFileSync(join(work, "other.csv"), "old");
  const first = window();
  await first.begin("c", [writes("named.csv")]);
  first.leave();
  const changes = told("c", { "named.csv": "new", "other.csv": "new", "more.csv": "new" });
  first.receive(changes);
  expect(confirmed).toEqual([]);

  const second = window();
  second.receive(changes);
  second.receive(changes);
  second.receive(told("of another machine", { "strange.csv": "x" }));
  const [output, strange, ...none] = await second.earlier(signal);
  expect(output).toMatchObject({
    brought: [{ path: "more.csv" }, { path: "named.csv" }],
    left: [{ path: "other.csv", why: "exists" }],
  });
  expect(strange?.left).toMatchObject([{ path: "strange.csv", why: "unknown" }]);
  expect(none).toEqual([]);
  expect(confirmed.toSorted((one, other) => one - other)).toEqual([1, 2]);
  expect(await second.earlier(signal)).toEqual([]);
});

test("what a window has brought before it was closed is no file of the person to the next one", async () => {
  const halfway = Promise.withResolvers<void>();
  const first = window({
    gateway: {
      fetch: async (sha256, path, stop) => {
        await writeFile(path, contents.get(sha256) ?? "");
        if (contents.get(sha256) === "2") {
          halfway.resolve();
          await new Promise((_, reject) => stop.addEventListener("abort", () => reject(new Error("closed"))));
        }
      },
    },
  });
  await first.begin("c", [dynamic]);
  const changes = told("c", { "a.csv": "1", "b.csv": "2" });
  first.receive(changes);
  const ending = first.end("c", "ok", signal);
  await halfway.promise;
  await expect.poll(() => existsSync(join(work, "a.csv"))).toBe(true);
  first.leave();
  expect(await ending).toBeUndefined();
  expect(readdirSync(work)).toEqual(["a.csv"]);

  const second = window();
  second.receive(changes);
  const [output] = await second.earlier(signal);
  expect(output).toMatchObject({ brought: [{ path: "a.csv" }, { path: "b.csv" }], left: [] });
});

test("a Python that is lost is told to have taken along what its code wrote", async () => {
  const home = window({ closed: Promise.resolve() });
  await home.begin("c", [writes("a.csv")]);
  expect(await home.end("c", "exited", signal)).toMatchObject({ lost: true, brought: [] });
  await home.begin("d", []);
  expect(await home.end("d", "exited", signal)).toBeUndefined();
  home.leave();
  expect(readFileSync(join(folder, "output", ".cluster-writes.json"), "utf8")).not.toContain('"d"');
  const left = window({ closed: Promise.resolve(), goesOn: () => true });
  await left.begin("e", [writes("a.csv")]);
  expect(await left.end("e", "exited", signal)).toBeUndefined();
});

test("what was deleted there is told where it is here", async () => {
  writeFileSync(join(work, "here.csv"), "1");
  const home = window();
  await home.begin("c", [{ kind: "delete-file", detail: "here.csv", line: 1 }]);
  home.receive({ ...told("c", {}), deleted: ["here.csv", "never.csv", "../x"] });
  expect((await home.end("c", "ok", signal))?.deleted).toEqual(["here.csv"]);
});

test("names that are devices, streams or short names elsewhere are names here only", () => {
  const strange = ["con", "NUL.txt", "a:b", "git~1/x", "a.", "a ", "a?b"];
  expect(strange.filter((path) => isPathBelow(path, "win32"))).toEqual([]);
  expect(strange.filter((path) => isPathBelow(path, "linux"))).toEqual(strange);
  expect(["图 表.png", "a/b.csv"].filter((path) => isPathBelow(path, "win32"))).toHaveLength(2);
});
