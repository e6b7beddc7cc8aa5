import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decodeText } from "../encoding/decode-text.ts";
import { problemText } from "../protocol/words/problem-text.ts";
import { FileAgents } from "./file-agents.ts";
import type { KnownNames } from "./known-names.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "byzer-file-agents-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const hello = "---\ndescription: Greets\n---\nBe kind.\n";

test("agents are found in the files that are named, and in no others", async () => {
  const agents = new FileAgents({ decode: decodeText });
  await agents.refresh([
    await put("hello.agent.md", hello),
    await put("notes.md", hello),
    join(folder, "gone.agent.md"),
  ]);
  expect(agents.entries).toMatchObject([
    {
      definition: { name: "hello", systemMessage: "Be kind." },
      origin: { kind: "file" },
      state: "ready",
      problem: null,
    },
  ]);
});

test("a file that breaks keeps what it said last, with what is wrong and where", async () => {
  const agents = new FileAgents({ decode: decodeText });
  const path = await put("hello.agent.md", hello);
  await agents.refresh([path]);
  await put("hello.agent.md", "---\ndescription: Greets\nlimits: { seconds: 0 }\n---\nBe rude.\n");
  await agents.refresh([path]);
  const [entry] = agents.entries;
  expect(entry).toMatchObject({
    definition: { name: "hello", systemMessage: "Be kind." },
    state: "broken",
    problem: {
      code: "agent.file",
      message: "hello.agent.md, line 3: “seconds” is a number from 1 to 86400.",
      details: { path, line: 3, column: 20 },
    },
  });
  expect(problemText(entry?.problem ?? { code: "", message: "", details: {} }, "zh-cn")).toBe(
    "hello.agent.md 第 3 行：“seconds”应在 1 到 86400 之间。",
  );
  await put("hello.agent.md", hello.replace("kind", "brief"));
  await agents.refresh([path]);
  expect(agents.entries).toMatchObject([{ definition: { systemMessage: "Be brief." }, state: "ready", problem: null }]);
});

test("a file that was never sound is there under its name, and a deleted one is not", async () => {
  const agents = new FileAgents({ decode: decodeText });
  const path = await put("hello.agent.md", "---\ndescription");
  await agents.refresh([path]);
  expect(agents.entries).toMatchObject([{ definition: { name: "hello" }, state: "broken" }]);
  await rm(path);
  await agents.refresh([path]);
  expect(agents.entries).toEqual([]);
});

test("of two files with one name the first has it, until it goes", async () => {
  const agents = new FileAgents({ decode: decodeText });
  const second = await put("z.agent.md", "---\nname: hello\ndescription: x\n---\nB.");
  const first = await put("a.agent.md", "---\nname: hello\ndescription: x\n---\nA.");
  await agents.refresh([second, first]);
  expect(agents.entries.map(({ state }) => state)).toEqual(["ready", "broken"]);
  expect(agents.problems.get(second)).toMatchObject([
    { code: "name.taken", values: { name: "hello", other: "a.agent.md" } },
  ]);
  await rm(first);
  await agents.refresh([first]);
  expect(agents.entries).toMatchObject([{ definition: { systemMessage: "B." }, state: "ready" }]);
});

test("who is named by another file is no longer unknown once his file is there", async () => {
  const others: KnownNames = { agents: [{ name: "assistant_agent", description: "" }], tools: [] };
  const agents = new FileAgents({ decode: decodeText, others: () => others });
  const asking = await put("a.agent.md", "---\ndescription: x\nagents: [writer, assistant_agent]\n---\nA.");
  await agents.refresh([asking]);
  expect(agents.problems.get(asking)).toMatchObject([{ code: "agent.unknown", values: { name: "writer" } }]);
  await agents.refresh([await put("writer.agent.md", hello)]);
  expect(agents.problems.get(asking)).toEqual([]);
});

function ownerOfHello(name: string): string | null {
  return name === "hello" ? "the sample extension" : null;
}

test("the name of an agent that is there already is not given twice", async () => {
  const agents = new FileAgents({
    decode: decodeText,
    others: () => ({ agents: [], tools: [], takenBy: ownerOfHello }),
  });
  await agents.refresh([await put("hello.agent.md", hello)]);
  expect(agents.entries[0]?.problem?.message).toContain("taken by the sample extension");
});

test("texts in other encodings are read, and what is no text is told", async () => {
  const agents = new FileAgents({ decode: decodeText });
  const wide = await put("wide.agent.md", Buffer.from(`\ufeff${hello.replace("kind", "友善")}`, "utf16le"));
  // “回答问候” in GB18030.
  const chinese = Buffer.concat([
    Buffer.from("---\ndescription: "),
    Buffer.from("bbd8b4f0cecabaf2", "hex"),
    Buffer.from("\n---\n"),
    Buffer.from("bbd8b4f0cecabaf2a3acd3c3d6d0cec4a1a3", "hex"),
  ]);
  const binary = await put("x.agent.md", Buffer.from([0, 1, 2, 3, 0, 255, 254, 0, 7, 7, 7, 7, 7, 7]));
  await agents.refresh([wide, await put("gb.agent.md", chinese), binary]);
  expect(agents.entries).toMatchObject([
    { definition: { description: "回答问候" }, state: "ready" },
    { definition: { systemMessage: "Be 友善." }, state: "ready" },
    { state: "broken", problem: { details: { code: "file.no-text" } } },
  ]);
});

test("only what changed is told", async () => {
  const agents = new FileAgents({ decode: decodeText });
  let changes = 0;
  const end = agents.onChange(() => (changes += 1));
  const path = await put("hello.agent.md", hello);
  await Promise.all([agents.refresh([path]), agents.refresh([path]), agents.refresh([])]);
  expect(changes).toBe(1);
  end();
  await rm(path);
  await agents.refresh([path]);
  expect(changes).toBe(1);
});

test("a refresh that fails keeps none from coming after it", async () => {
  let isBroken = true;
  const others = (): KnownNames => {
    if (isBroken) {
      throw new Error("not now");
    }
    return { agents: [], tools: [] };
  };
  const agents = new FileAgents({ decode: decodeText, others });
  const path = await put("hello.agent.md", hello);
  await expect(agents.refresh([path])).rejects.toThrow("not now");
  isBroken = false;
  await agents.refresh([path]);
  expect(agents.entries).toMatchObject([{ definition: { name: "hello" }, state: "ready" }]);
});

const group = (...members: readonly string[]) => `---\ndescription: Talks\nmembers: [${members.join(", ")}]\n---\n`;

test("groups that are members of each other are told at the member's place, also over others", async () => {
  const agents = new FileAgents({ decode: decodeText });
  const paths = [
    await put("hello.agent.md", hello),
    await put("one.group.md", group("hello", "two")),
    await put("two.group.md", group("three")),
    await put("three.group.md", group("hello", "one")),
    await put("fine.group.md", group("hello")),
    await put("own.group.md", group("own")),
  ];
  await agents.refresh(paths);
  const told = agents.entries.map(({ definition, problem }) => [definition.name, problem?.message]);
  expect(Object.fromEntries(told)).toEqual({
    hello: undefined,
    fine: undefined,
    one: "one.group.md, line 3: The group would ask itself: one → two → three → one. Take “two” out of the members.",
    two: "two.group.md, line 3: The group would ask itself: two → three → one → two. Take “three” out of the members.",
    three:
      "three.group.md, line 3: The group would ask itself: three → one → two → three. Take “one” out of the members.",
    own: expect.stringContaining("own → own"),
  });
  await put("three.group.md", group("hello"));
  await agents.refresh(paths.slice(3, 4));
  expect(agents.entries.flatMap(({ state, definition }) => (state === "broken" ? [definition.name] : []))).toEqual([
    "own",
  ]);
});
