import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadDataAgent } from "../catalog/load-data-agent.ts";
import { type CatalogTown, createCatalogTown, saidIn } from "../testing/catalog-fixture.ts";
import { type FakePython, createFakePython } from "../testing/fake-interpreter.ts";
import { sampleProfile } from "../testing/sample-profile.ts";
import { fileNameOf, namedData, withoutPassword } from "./named-data.ts";

let folder: string;
let outside: string;
let python: FakePython;
let town: CatalogTown;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-load-"));
  outside = mkdtempSync(join(tmpdir(), "byzer-outside-"));
  python = createFakePython({
    inspect: (code) => ({
      effects: code.includes("urlopen") ? [{ kind: "network", detail: "urlopen", line: 1 }] : [],
    }),
  });
  town = createCatalogTown({
    python,
    profiler: {
      profile: ({ path }) =>
        path.endsWith(".txt")
          ? Promise.reject(new Error("It holds no table."))
          : Promise.resolve(
              sampleProfile({
                path,
                name: basename(path),
                sheets: path.endsWith(".db")
                  ? ["orders", "customers"].map((name) => ({ name, rowCount: 3, hidden: false }))
                  : [],
              }),
            ),
      findJoins: () => Promise.resolve([]),
    },
    folder,
    downloads: outside,
  });
});
afterEach(() => {
  town.assertFinished();
  python.assertFinished();
  rmSync(folder, { recursive: true, force: true });
  rmSync(outside, { recursive: true, force: true });
});

function file(...parts: readonly string[]): string {
  const path = join(...parts);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, "x\n1\n");
  return path;
}

const ask = async (words: string) => saidIn(await town.ask(loadDataAgent.name, words)).at(-1)?.[2] ?? "";
const attached = () => town.session().files.map(({ path }) => path);

describe("what a message names", () => {
  test("is attached, with what is in it", async () => {
    const path = file(folder, "data", "sales.csv");
    expect(await ask("Load sales.csv, please.")).toMatch(/^\*\*sales\.csv\*\* is in this chat: \d+ rows; columns/u);
    expect(attached()).toEqual([path]);
  });

  test("is a database, whose tables are listed", async () => {
    file(folder, "shop.db");
    expect(await ask("加载 shop.db")).toContain("其中的表：`orders` (3), `customers` (3)。");
  });

  test("is asked back where several bear the name", async () => {
    file(folder, "a", "x.csv");
    file(folder, "b", "x.csv");
    expect(await ask("load x.csv")).toContain("- `a/x.csv`\n- `b/x.csv`");
    expect(attached()).toEqual([]);
    await ask("load b/x.csv");
    expect(attached()).toEqual([join(folder, "b", "x.csv")]);
  });

  test("is not there, holds no table, or is a folder", async () => {
    file(folder, "notes.txt");
    file(folder, "more", "x.csv");
    expect(await ask("load y.csv")).toBe("There is no file `y.csv` here.");
    expect(await ask("load notes.txt")).toBe("`notes.txt` could not be loaded: It holds no table.");
    expect(await ask("load ./more")).toContain("is a folder");
    expect(await ask("load something")).toContain("- `more/x.csv`");
  });

  test("lies outside of the workspace: only the person may name it", async () => {
    const path = file(outside, "secret.csv");
    expect(await ask(`load ${path}`)).toContain("is in this chat");
    town.add("other", async ({ ask: send }) => {
      const reply = await send(loadDataAgent.name, `load ${path} and link.csv`);
      return { kind: "answer", content: reply?.content ?? "", metadata: {} };
    });
    symlinkSync(path, join(folder, "link.csv"));
    const turn = await town.ask("other", "Go on.");
    expect(turn.messages.at(-1)?.content).toBe(
      `\`${path}\` lies outside of the workspace: name it yourself, or attach it.\n\n\`link.csv\` lies outside of the workspace: name it yourself, or attach it.`,
    );
  });

  test("lies outside: a path that the person's begins with is not theirs", async () => {
    const path = file(outside, "ab", "x.csv");
    file(outside, "a");
    town.add("other", async ({ ask: send }) => {
      const reply = await send(loadDataAgent.name, `load "${join(outside, "a")}"`);
      return { kind: "answer", content: reply?.content ?? "", metadata: {} };
    });
    const turn = await town.ask("other", `Go on with ${path}`);
    expect(turn.messages.at(-1)?.content).toContain("lies outside of the workspace");
  });

  test("is an address, which is downloaded after a yes", async () => {
    town.reviewer.expect('{"verdict": "approve", "comment": "It downloads a file."}');
    python.expect({ code: 'Request("https://example.org/d/sales%202024.csv?x=1"' });
    const said = await ask("load https://example.org/d/sales%202024.csv?x=1.");
    expect(town.approvals).toMatchObject([{ risky: true }]);
    expect(said).toContain("**sales 2024.csv** is in this chat");
    expect(attached()).toEqual([join(outside, "sales 2024.csv")]);
  });

  test("is an address that the reviewer warns of: the person decides", async () => {
    town.reviewer.expect('{"verdict": "reject", "comment": "It uses the network."}');
    python.expect({ code: "urlopen" });
    expect(await ask("load https://example.org/a.csv")).toContain("**a.csv** is in this chat");
    expect(town.approvals).toHaveLength(1);
  });

  test("is shown without its password, whatever becomes of it", async () => {
    town.refuses = () => true;
    town.reviewer.expect('{"verdict": "approve", "comment": ""}');
    const turn = await town.ask(loadDataAgent.name, "load https://me:s3cret@example.org/a.csv");
    expect(turn.messages.at(-1)?.content).toContain("https://me:***@example.org/a.csv");
    expect(await ask("load postgresql://me:p@ss@db.example.org:5432/shop")).toContain("`postgresql://me:***@db.");
    expect(await ask("load ftp://me:s3cret@example.org/a.csv")).not.toContain("s3cret");
  });

  test("has blanks in its name, without quotation marks", async () => {
    const path = file(folder, "My Data", "sales of 2024.csv");
    expect(await ask("please load My Data/sales of 2024.csv and say what is in it")).toContain(
      "sales of 2024.csv** is",
    );
    expect(await ask(`load ${path}`)).toMatch(/^\*\*sales of 2024\.csv\*\* is in this chat[^]*\S$/u);
    expect(attached()).toEqual([path]);
    expect(await ask("load b.csv sales of 2024.csv")).toContain("There is no file `b.csv` here.");
  });

  test("is in English where only a name is not", async () => {
    file(folder, "销售.csv");
    expect(await ask("Load 销售.csv, please.")).toContain("is in this chat");
  });

  test("is an address that the person does not want", async () => {
    town.refuses = () => true;
    town.reviewer.expect('{"verdict": "approve", "comment": "It downloads a file."}');
    const turn = await town.ask(loadDataAgent.name, "load https://example.org/a.csv");
    expect(turn.messages.at(-1)?.metadata["terminate"]).toBe(true);
    expect(attached()).toEqual([]);
  });

  test("is an address that is not loaded", async () => {
    expect(await ask("load file:///etc/passwd")).toContain("Only addresses with http and https");
    expect(await ask("load postgres://me:pw@h/db")).toContain("A database server");
  });
});

test.each([
  ['load data/a.csv and `my file.xlsx`, then "b c.parquet".', ["my file.xlsx", "b c.parquet", "data/a.csv"]],
  ["请加载数据销售.csv和/tmp/x.db。", ["销售.csv", "/tmp/x.db"]],
  ["C:\\data\\a.csv", ["C:\\data\\a.csv"]],
  ["see https://x.org/a.csv, (and b.json.gz)", ["https://x.org/a.csv", "b.json.gz"]],
  ["the mean is 3.5 and that is all. Then more", []],
  ['load "the data"', []],
])("%s names %j", (text, expected) => {
  expect(namedData(text).map(({ written }) => written)).toEqual(expected);
});

test.each([
  ["https://x.org/a/b%20c.csv", "b c.csv"],
  ["https://x.org/", "download"],
  ["https://x.org/..%2F..%2Fetc%2Fpasswd", "_.._etc_passwd"],
  ["https://x.org/%E9%94%80%E5%94%AE.xlsx", "销售.xlsx"],
  ["https://x.org/a%00b%0A.csv", "a_b_.csv"],
])("what lies at %s is kept as %s", (address, name) => {
  expect(fileNameOf(new URL(address))).toBe(name);
});

test.each([
  ["postgres://me:p%40w@h/db?sslmode=require", "postgres://me:***@h/db?sslmode=require"],
  ["mysql://h/db?user=me&password=pw", "mysql://h/db?user=me&password=***"],
  ["https://x.org/a.csv?sig=abc&x=1", "https://x.org/a.csv?sig=***&x=1"],
  ["https://me@x.org/a:b@c.csv", "https://me@x.org/a:b@c.csv"],
])("%s is shown as %s", (address, shown) => {
  expect(withoutPassword(address)).toBe(shown);
});
