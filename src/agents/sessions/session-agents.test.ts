import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AgentDirectory, type DirectoryEntry } from "../directory/agent-directory.ts";
import { answer } from "../core/reply.ts";
import { createFileText } from "../retrieval/file-text.ts";
import { type Analysis, type AnalysisOptions, cellsOf, createAnalysis } from "../testing/analysis-fixture.ts";
import { createFileTools } from "../tools/file-tools.ts";
import { entryOf, toolOf } from "../testing/conversing-fixture.ts";
import { createMemoryPassageIndex } from "../testing/memory-passage-index.ts";
import { AnalysisSession, answerOf } from "./analysis-session.ts";
import type { OwnAgents } from "./session-agents.ts";

let folder: string;
let analysis: Analysis;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-own-"));
});
afterEach(async () => {
  await analysis.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const call = (name: string, input: object) => ({ toolCalls: [{ name, arguments: input }] });

function ownAgents(entries: readonly DirectoryEntry[], fields: Partial<OwnAgents> = {}): OwnAgents {
  const directory = new AgentDirectory();
  directory.add({ entries, onChange: () => () => undefined });
  return { directory, approvals: { granted: () => true, ask: () => Promise.resolve("deny") }, ...fields };
}

async function open(
  entries: readonly DirectoryEntry[],
  options: AnalysisOptions = {},
  fields: Partial<OwnAgents> = {},
) {
  analysis = await createAnalysis({ ...options, own: ownAgents(entries, fields) });
  return analysis;
}

const ann = entryOf({ name: "ann", systemMessage: "You are ann.", description: "knows it all" });

const told = () =>
  analysis.author.requests
    .at(-1)
    ?.messages.slice(1)
    .map(({ content }) => content);
const openFolder = () => ({ index: createMemoryPassageIndex(), roots: () => [join(folder, "w")], exclude: () => [] });

describe("@NAME", () => {
  test("is answered without any file, as a question of the person to that agent", async () => {
    const { session, author } = await open([ann]);
    author.expect("Hello.");
    const turn = await session.ask("@ann Hi there");
    expect(turn).toMatchObject({ status: "done", question: "Hi there", agent: "ann" });
    expect(answerOf(turn)).toBe("Hello.");
    expect(turn.blocks.map((block) => block.kind)).toEqual(["select", "text"]);
    expect(turn.messages.map(({ from, to, content }) => [from, to, content])).toEqual([
      ["user", "ann", "Hi there"],
      ["ann", "user", "Hello."],
    ]);
    expect(author.requests[0]?.messages).toEqual([
      { role: "system", content: "You are ann." },
      { role: "user", content: "Hi there" },
    ]);
    analysis.assertFinished();
  });

  test.each([
    ["@小助手 你好", "小助手", "你好"],
    ["@小助手，你好", "小助手", "你好"],
    ["@小助手你好", "小助手", "你好"],
    ["/ann: hi", "ann", "hi"],
    ["@Ann hi", "ann", "hi"],
  ])("%s asks %s", async (text, agent, question) => {
    const { session, author } = await open([ann, entryOf({ name: "小助手" }), entryOf({ name: "小" })]);
    author.expect("Yes.");
    expect(await session.ask(text)).toMatchObject({ agent, question });
  });

  test("of a name that an agent of the session bears means that one", async () => {
    const { session, author, attach } = await open([
      entryOf({ name: "assistant_agent", systemMessage: "I am false." }),
    ]);
    await attach();
    author.expect("Seven.");
    await session.ask("@assistant_agent How many?");
    expect(JSON.stringify(author.requests)).not.toContain("I am false.");
  });

  test("that says nothing is told so", async () => {
    const { session } = await open([
      entryOf(
        { name: "mute" },
        { replies: [{ name: "m", trigger: "anyone", reply: () => Promise.resolve({ kind: "silence" }) }] },
      ),
    ]);
    const turn = await session.ask("@mute hi");
    expect(turn.blocks.at(-1)).toMatchObject({ kind: "notice", code: "no-answer", values: { agent: "mute" } });
  });

  test("that fails ends the turn with what is wrong, and the next question is answered", async () => {
    let calls = 0;
    const reply = () => (calls++ === 0 ? Promise.reject(new Error("oops")) : Promise.resolve(answer("fine")));
    const { session } = await open([
      entryOf({ name: "bot" }, { replies: [{ name: "own", trigger: "anyone", reply }] }),
    ]);
    expect(await session.ask("@bot hi")).toMatchObject({ status: "failed", problem: { code: "agent.threw" } });
    expect(answerOf(await session.ask("@bot hi"))).toBe("fine");
  });

  test("is never chosen by the router", async () => {
    const { session, author, router, attach } = await open([ann]);
    await attach();
    router.expect("ann", "ann");
    author.expect("Seven.");
    await session.ask("How many?");
    expect(session.state.turns[0]?.blocks[0]).toMatchObject({
      kind: "select",
      agent: "assistant_agent",
      how: "default",
    });
    expect(JSON.stringify(router.requests[0])).not.toContain("ann");
  });
});

describe("what an agent knows", () => {
  test("is what stands in the turns before, also after a retry", async () => {
    const { session, author } = await open([ann]);
    author.expect("One.", "Two.", "Two again.");
    await session.ask("@ann First");
    const second = await session.ask("@ann Second");
    await session.ask("@ann Second", { replaces: second.id });
    expect(told()).toEqual(["First", "One.", "Second"]);
  });

  test("is the same after the session was opened again", async () => {
    const { session, author, open: opened } = await open([ann]);
    author.expect("One.", "Two.");
    await session.ask("@ann First");
    session.editAgent("ann", "You are someone else.");
    const again = new AnalysisSession({
      log: opened.log,
      models: { modelFor: () => Promise.resolve(author) },
      python: analysis.python,
      profiler: { profile: () => Promise.reject(new Error("none")), findJoins: () => Promise.resolve([]) },
      approvals: analysis.approvals,
      limits: () => ({
        budget: { messages: 9, modelCalls: 9, tokens: 999, timeMs: 9_999 },
        cellTimeLimitMs: 0,
        memoryLimitBytes: 0,
        reviewAll: false,
      }),
      own: ownAgents([ann]),
      onEvent: () => undefined,
    });
    await again.ask("@ann Second");
    expect(told()).toEqual(["First", "One.", "Second"]);
    expect(author.requests.at(-1)?.messages[0]?.content).toBe("You are someone else.");
  });

  test("can be forgotten, one peer or everyone", async () => {
    const { session, author } = await open([ann]);
    author.expect("One.", "Two.", "Three.");
    await session.ask("@ann First");
    session.forgetPeer("ann", "someone");
    await session.ask("@ann Second");
    expect(told()).toEqual(["First", "One.", "Second"]);
    session.forgetPeer("ann", "user");
    await session.ask("@ann Third");
    expect(told()).toEqual(["Third"]);
  });
});

test("a system message is edited for the session and taken back, of any agent in it", async () => {
  const { session, author, attach } = await open([ann]);
  await attach();
  const system = () => author.requests.at(-1)?.messages[0]?.content ?? "";
  author.expect("1", "2", "3", "4");
  session.editAgent("ann", "Be brief.");
  session.editAgent("assistant_agent", "You are edited.");
  await session.ask("@ann hi");
  expect(system()).toBe("Be brief.");
  await session.ask("/ask how many?");
  expect(system()).toContain("You are edited.");
  session.editAgent("ann", null);
  session.editAgent("assistant_agent", null);
  await session.ask("@ann hi");
  expect(system()).toBe("You are ann.");
  await session.ask("/ask how many?");
  expect(system()).not.toContain("edited");
});

describe("tools of the session", () => {
  test("run_python runs as a cell, of which the model reads the output", async () => {
    const { session, author, python, approvals, attach } = await open([
      entryOf({ name: "coder", tools: ["run_python"] }),
    ]);
    await attach();
    author.expect(call("run_python", { code: "print(7)" }), "Seven.");
    python.expect({ outputs: [{ type: "text", stream: "stdout", text: "7\n" }] });
    const turn = await session.ask("@coder How many?");
    expect(answerOf(turn)).toBe("Seven.");
    expect(cellsOf(turn)).toMatchObject([{ agent: "coder", code: "print(7)", phase: "ok" }]);
    expect(approvals.asked).toHaveLength(1);
    const [first, second] = author.requests;
    expect(first?.messages[0]?.content).toContain("About this session");
    expect(first?.messages[0]?.content).toContain("File: deaths.csv");
    expect(second?.messages.at(-1)?.content).toContain("7");
  });

  test("a second no to code ends the answer", async () => {
    const { session, author, approvals } = await open([entryOf({ name: "coder", tools: ["run_python"] })]);
    author.expect(call("run_python", { code: "1" }), call("run_python", { code: "2" }));
    approvals.answers.push({ decision: "deny" }, { decision: "deny" });
    expect(answerOf(await session.ask("@coder go"))).toBe("The code was not run: the user declined.");
    analysis.assertFinished();
  });

  test("search_files finds passages of what is asked about", async () => {
    writeFileSync(join(folder, "fees.md"), "# Fees\n\nThe fee is 12 euro.\n");
    const retrieval = { index: createMemoryPassageIndex(), roots: () => [folder], exclude: () => [] };
    const { session, author } = await open([entryOf({ name: "reader", tools: ["search_files"] })], { retrieval });
    await session.addSource({ kind: "folder", path: folder });
    author.expect(call("search_files", { query: "fee" }), "12 euro.");
    const turn = await session.ask("@reader What is the fee?");
    expect(turn.blocks.map(({ kind }) => kind)).toEqual(["select", "passages", "text"]);
    expect(author.requests[1]?.messages.at(-1)?.content).toContain("The fee is 12 euro.");
  });

  test("a tool that nobody has is left out, and the agent answers all the same", async () => {
    const { session, author } = await open([entryOf({ name: "ann", tools: ["fly"] })]);
    author.expect("Hello.");
    expect(answerOf(await session.ask("@ann hi"))).toBe("Hello.");
    expect(author.requests[0]?.tools).toBeUndefined();
  });

  test("tools from elsewhere act only after a yes", async () => {
    const mail = toolOf("mail", () => "sent", { effect: "acts" });
    const shelf = { all: [mail], find: () => ({ tools: [mail], unknown: [] }) };
    const { session, author } = await open(
      [entryOf({ name: "ann", tools: ["mail"] })],
      {},
      {
        tools: () => shelf,
        approvals: { granted: () => false, ask: () => Promise.resolve("deny") },
      },
    );
    author.expect(call("mail", { text: "hi" }), "Not sent.");
    const turn = await session.ask("@ann mail it");
    expect(turn.blocks[1]).toMatchObject({ kind: "tool", tool: "mail", phase: "denied", approval: { how: "person" } });
  });
});

describe("read_file and list_files", () => {
  const fileText = createFileText(async () => (await import("../retrieval/parse/extract-document.ts")).extractDocument);

  async function results(...calls: readonly { readonly toolCalls: readonly object[] }[]): Promise<readonly string[]> {
    const entry = entryOf({ name: "reader", tools: ["read_file", "list_files"] });
    const { session, author } = await open([entry], { retrieval: openFolder() }, { fileText });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- calls as `call` makes them
    author.expect(...(calls as ReturnType<typeof call>[]), "Done.");
    const turn = await session.ask("@reader look");
    return turn.blocks.flatMap((block) => (block.kind === "tool" ? [block.text] : []));
  }

  beforeEach(() => {
    mkdirSync(join(folder, "w", "docs"), { recursive: true });
    writeFileSync(join(folder, "w", "a.md"), "one\ntwo\nthree\n");
    writeFileSync(join(folder, "w", "docs", "b.md"), "x");
    writeFileSync(join(folder, "w", ".env"), "KEY=secret-value");
    writeFileSync(join(folder, "outside.md"), "not yours");
  });

  test("read lines of files in the folders that are open", async () => {
    expect(
      await results(
        call("list_files", {}),
        call("read_file", { path: "a.md" }),
        call("read_file", { path: join(folder, "w", "a.md"), first_line: 2, last_line: 2 }),
        call("list_files", { folder: "docs" }),
      ),
    ).toEqual([
      "a.md\ndocs/",
      "1: one\n2: two\n3: three\n4: ",
      "2: two\n(4 lines in all; go on with first_line 3.)",
      "b.md",
    ]);
  });

  test.each([
    ["a file beside the folder", "../outside.md"],
    ["an absolute path outside", "/etc/hostname"],
    ["a link that leads out", "link.md"],
    ["a file of keys", ".env"],
    ["what is not there", "nothing.md"],
    ["an empty path", ""],
  ])("do not read %s", async (_what, path) => {
    symlinkSync(join(folder, "outside.md"), join(folder, "w", "link.md"));
    const [text = ""] = await results(call("read_file", { path }));
    expect(text).not.toContain("not yours");
    expect(text).not.toContain("secret-value");
    expect(analysis.session.state.turns[0]?.blocks[1]).toMatchObject({ kind: "tool", phase: "failed" });
  });

  test("name the file where it is all that may be read", async () => {
    const path = join(folder, "w", "a.md");
    const tools = createFileTools({ fileText, places: () => [path] });
    analysis = await createAnalysis();
    const list = tools.find(({ name }) => name === "list_files");
    const caller = { agent: "reader", signal: new AbortController().signal };
    expect(await list?.run({}, caller)).toEqual({ text: path, failed: false });
    expect(await list?.run({ folder: path }, caller)).toEqual({ text: path, failed: false });
  });

  test("give a long file in parts", async () => {
    writeFileSync(join(folder, "w", "long.txt"), Array.from({ length: 2_000 }, (_, line) => `line ${line}`).join("\n"));
    await results(call("read_file", { path: "long.txt" }));
    const text = analysis.author.requests[1]?.messages.at(-1)?.content ?? "";
    expect(text.split("\n")).toHaveLength(801);
    expect(text).toContain("(2000 lines in all; go on with first_line 801.)");
  });
});
