import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { builtInTools } from "../../src/agents/declared/built-in-tools.ts";
import { FileAgents } from "../../src/agents/declared/file-agents.ts";
import { jsonSchemaOf, keysAt } from "../../src/agents/declared/json-schema.ts";
import { agentFileKind } from "../../src/agents/declared/read-agent-file.ts";
import { AgentDirectory } from "../../src/agents/directory/agent-directory.ts";
import { decodeText } from "../../src/agents/encoding/decode-text.ts";
import { answerOf } from "../../src/agents/sessions/analysis-session.ts";
import { type Analysis, createAnalysis } from "../../src/agents/testing/analysis-fixture.ts";
import { agentSamples, sampleOf } from "./agent-samples.ts";
import { codeAgents } from "./code-agents-fixture.ts";

let folder = "";
let analysis: Analysis | undefined;
const directory = new AgentDirectory();
const tools = [...builtInTools("en"), { name: "mcp:notes/*", description: "" }];
const files = new FileAgents({ decode: decodeText, others: () => ({ agents: [], tools }) });
const samples = agentSamples().filter(({ language }) => language === "md");

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "byzer-file-samples-"));
  directory.add(files);
  samples.forEach(({ name, text }) => writeFileSync(join(folder, name), text));
  await files.refresh(samples.map(({ name }) => join(folder, name)));
});
afterEach(async () => {
  await analysis?.dispose();
  analysis = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function open(): Promise<Analysis> {
  analysis = await createAnalysis({
    own: { directory, approvals: { granted: () => true, ask: () => Promise.resolve("deny") } },
  });
  return analysis;
}

const systemMessages = ({ author }: Analysis): readonly string[] =>
  author.requests.map(({ messages }) => messages.find(({ role }) => role === "system")?.content ?? "");

test("every sample of a file is sound, and asked below", () => {
  expect(samples.filter(({ name }) => agentFileKind(name) === null)).toEqual([]);
  expect([...files.problems.values()].flat()).toEqual([]);
  expect(directory.entries.map(({ definition, state }) => [definition.name, state])).toEqual([
    ["critic", "ready"],
    ["desk", "ready"],
    ["hello", "ready"],
    ["note-keeper", "ready"],
    ["press", "ready"],
    ["release-notes", "ready"],
    ["reviewer", "ready"],
    ["translator", "ready"],
    ["writer", "ready"],
  ]);
});

test("the tables of keys hold every key", () => {
  const text = readFileSync("docs/agents.md", "utf8");
  for (const kind of ["agent", "group"] as const) {
    for (const [key] of keysAt(jsonSchemaOf(kind, "en"), [])) {
      expect(text, `${kind}: ${key}`).toMatch(new RegExp(`^\\| \`${key}\` +\\|`, "mu"));
    }
  }
});

test("@hello answers by its system message", async () => {
  const opened = await open();
  opened.author.expect("Good morning to you.");
  const turn = await opened.session.ask("@hello Good morning");
  expect(answerOf(turn)).toBe("Good morning to you.");
  expect(systemMessages(opened)[0]).toContain("You are hello. Greet whoever writes to you");
});

test("release-notes has its draft reviewed, and hands it on", async () => {
  const opened = await open();
  opened.author.expect({
    toolCalls: [{ name: "ask_agent", arguments: { agent: "reviewer", message: "Draft: faster." } }],
  });
  opened.reviewer.expect("Say how much.");
  opened.author.expect({ toolCalls: [{ name: "hand_off", arguments: { agent: "translator" } }] }, "快了一倍。");
  const turn = await opened.session.ask("@release-notes Write them");
  expect(answerOf(turn)).toBe("快了一倍。");
  expect(turn.messages.map(({ from, to }) => `${from} ${to}`)).toEqual(
    expect.arrayContaining(["release-notes reviewer", "reviewer release-notes"]),
  );
  expect(systemMessages(opened).at(-1)).toContain("You are translator.");
});

test("the desk writes and judges until it is finished; in the press it is one member", async () => {
  const opened = await open();
  const finished = { toolCalls: [{ name: "finish", arguments: { answer: "Frogs leap." } }] };
  opened.author.expect("Frogs jump.", "Say leap.", "Frogs leap!", finished);
  expect(answerOf(await opened.session.ask("@desk Write of frogs"))).toBe("Frogs leap.");
  opened.author.expect("Frogs jump.", finished, "青蛙跳。");
  expect(answerOf(await opened.session.ask("@press Write of frogs"))).toBe("青蛙跳。");
});

test("the reply function of the original's guide", async () => {
  const code = codeAgents();
  const entry = await code.load("custom.agent.mjs", sampleOf("custom.agent.mjs").replace("librarian", "echo"));
  expect((await code.ask(entry, "hi"))?.content).toBe("Begin with “note:”.");
  expect((await code.ask(entry, "note: buy milk"))?.content).toBe("user has said 1 things, and echo keeps this one.");
});
