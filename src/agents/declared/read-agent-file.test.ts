import { expect, test } from "vitest";
import type { AgentDefinition } from "../protocol/agent-definition.ts";
import type { KnownNames } from "./known-names.ts";
import { type AgentFileReading, readAgentFile } from "./read-agent-file.ts";

const known: KnownNames = {
  agents: ["assistant_agent", "preview_file_agent", "reviewer", "写手"].map((name) => ({ name, description: "" })),
  tools: ["run_python", "search_files", "notes/find"].map((name) => ({ name, description: "" })),
};

function read(text: string, path = "/w/.byzer/agents/hello.agent.md"): Promise<AgentFileReading> {
  return readAgentFile(path, text, known);
}

async function defined(text: string, path?: string): Promise<AgentDefinition> {
  const { definition, problems } = await read(text, path);
  expect(problems).toEqual([]);
  expect(definition).not.toBeNull();
  return definition ?? expect.fail("no definition");
}

/** What is wrong: severity, code, line and column, and the text at the place. */
async function wrong(text: string, path?: string): Promise<readonly string[]> {
  const { definition, problems } = await read(text, path);
  expect(definition === null).toBe(problems.some(({ severity }) => severity === "error"));
  return problems.map(
    ({ severity, code, line, column, start, end }) => `${severity} ${code} ${line}:${column} ${text.slice(start, end)}`,
  );
}

const head = (...lines: readonly string[]): string =>
  ["---", "description: Greets", ...lines, "---", "Be kind.", ""].join("\n");

test("an agent with everything said", async () => {
  const text = head(
    "name: 问候者",
    "model: [router, chat]",
    "tools: run_python, notes/*",
    "agents: [reviewer, 写手]",
    "handoffs:",
    "  - reviewer",
    "  - agent: 写手",
    "    label: Write it up",
    "    prompt: In two sentences.",
    "    send: true",
    "inputMode: TERMINATE",
    "limits: { replies: 3, modelCalls: 5, tokens: 20000, seconds: 60 }",
    "location: local",
  );
  expect(await defined(text)).toEqual({
    name: "问候者",
    description: "Greets",
    systemMessage: "Be kind.",
    model: "router",
    tools: ["run_python", "notes/*"],
    asks: ["reviewer", "写手"],
    handOffs: [
      { agent: "reviewer", label: "", prompt: "" },
      { agent: "写手", label: "Write it up", prompt: "In two sentences." },
    ],
    inputMode: "TERMINATE",
    limits: { replies: 3, modelCalls: 5, tokens: 20_000, seconds: 60 },
    location: "local",
    group: null,
  });
});

test("a name is that of the file where none is said, in either kind of path", async () => {
  expect((await defined(head())).name).toBe("hello");
  expect((await defined(head(), "C:\\w\\.byzer\\agents\\Über-uns.agent.md")).name).toBe("Über-uns");
});

test("an agent may ask all others", async () => {
  const { asks } = await defined(head('agents: ["*"]', "name: reviewer"));
  expect(asks).toEqual(["assistant_agent", "preview_file_agent", "写手"]);
});

test.each(["\r\n", "\r"])("line ends %j", async (end) => {
  const text = `\ufeff${head("tools:", "- run_python").replaceAll("\n", end)}Second line.${end}`;
  expect(await defined(text)).toMatchObject({ tools: ["run_python"], systemMessage: "Be kind.\nSecond line." });
});

test("places count in the text as it is, with its line ends and its mark", async () => {
  const text = `\ufeff${head("model: chat", "tool: run_python").replaceAll("\n", "\r\n")}`;
  expect(await wrong(text)).toEqual(["warning key.unknown-near 4:1 tool"]);
});

test("a group with everything said", async () => {
  const text = [
    "---",
    "description: Write and review",
    "members: [写手, reviewer]",
    "speaker: script",
    "script: [写手, reviewer, 写手]",
    "maxRounds: 6",
    "end:",
    "  - finish",
    "  - speaker: reviewer",
    "answer: summary",
    "model: chat",
    "---",
    "Choose wisely.",
  ].join("\n");
  expect(await defined(text, "/w/.byzer/agents/desk.group.md")).toMatchObject({
    name: "desk",
    systemMessage: "Choose wisely.",
    group: {
      members: ["写手", "reviewer"],
      speaker: "script",
      script: ["写手", "reviewer", "写手"],
      maxRounds: 6,
      end: [{ rule: "finish" }, { rule: "speaker", agent: "reviewer" }],
      answer: "summary",
    },
  });
});

test("a group of which only the members are said", async () => {
  const text = "---\ndescription: All\nmembers: 写手、reviewer\n---\n";
  expect((await defined(text, "/w/.byzer/agents/a.group.md")).group).toEqual({
    members: ["写手", "reviewer"],
    speaker: "round-robin",
    script: [],
    maxRounds: 12,
    end: [{ rule: "finish" }],
    answer: "last",
  });
});

test("the editor's own agents keep their keys, and their names are made fit", async () => {
  const text = head(
    "name: Plan It!",
    "argument-hint: what to plan",
    "user-invocable: true",
    "target: vscode",
    "mcp-servers: {}",
  );
  const editors = await defined(text, "/w/.github/agents/plan.agent.md");
  expect(editors.name).toBe("Plan-It");
  expect(await wrong(head("model: GPT-5 (copilot)"), "/w/.github/agents/a.agent.md")).toEqual([
    "hint model.editor 3:8 GPT-5 (copilot)",
  ]);
  expect(await wrong(head("target: vscode"))).toEqual(["hint key.editor 3:1 target"]);
});

test.each<readonly [string, string, readonly string[]]>([
  ["no front matter", "Just be kind.", ["warning description.missing 1:1 Just be kind."]],
  ["an empty file", "", ["warning description.missing 1:1 ", "warning body.empty 1:1 "]],
  ["an empty front matter", "---\n---\nHi.", ["warning description.missing 1:1 ---\n"]],
  ["an empty body", "---\ndescription: x\n---\n \n", ["warning body.empty 1:1 ---\n"]],
  ["a key still without value", head("tools:"), []],
  ["a front matter that does not end", "---\ndescription: x\nBe kind.\n", ["error head.unclosed 1:1 ---\n"]],
  ["a colon in a text", head("model: a: b"), ["error head.colon 3:8 a"]],
  ["a tab", head("tools:", "\t- run_python"), ["error head.tab 4:1 \t"]],
  ["a key twice", head("model: a", "model: b"), ["error head.twice 4:1 model"]],
  ["a bracket that is missing", head("tools: [run_python"), ["error head.quote 3:18 n"]],
  ["a list instead of keys", "---\n- a\n---\nHi.", ["error head.no-keys 2:1 - a\n"]],
  ["a sign that YAML keeps for itself", head("model: @me"), ["error head.sign 3:8 @"]],
  ["a key without a colon", "---\ndescription\nmodel: a\n---\nHi.", ["error head.no-colon 2:1 description\nmodel"]],
  ["an alias of nothing", head("model: *x"), ["error head.syntax 2:1 description: Greets\nmodel: *x\n"]],
  ["an unknown key", head("colour: red"), ["warning key.unknown 3:1 colour"]],
  ["a misspelt key", head("modle: chat"), ["warning key.unknown-near 3:1 modle"]],
  ["a key of another framework", head("human_input_mode: NEVER"), ["warning key.unknown-near 3:1 human_input_mode"]],
  ["the system message as a key", head("systemMessage: x"), ["warning key.body 3:1 systemMessage"]],
  ["a group's key", head("members: [a]"), ["warning key.group-only 3:1 members"]],
  ["an unknown key below", head("limits:", "  token: 500"), ["warning key.unknown-near 4:3 token"]],
  [
    "an unknown key in a list",
    head("handoffs:", "- agnet: x", "  agent: reviewer"),
    ["warning key.unknown-near 4:3 agnet"],
  ],
  ["a number for a text", head("model: 4"), ["error value.text 3:8 4"]],
  ["a text for a number", head("limits: { tokens: many }"), ["error value.number 3:19 many"]],
  ["half a number", head("limits: { tokens: 100.5 }"), ["error value.number 3:19 100.5"]],
  ["a limit out of range", head("limits: { seconds: 0 }"), ["error value.range 3:20 0"]],
  ["a limit beyond numbers", head("limits: { tokens: .inf }"), ["error value.number 3:19 .inf"]],
  ["a text for keys", head("limits: low"), ["error value.keys 3:9 low"]],
  ["keys for a list", head("tools: { a: b }"), ["error value.list 3:8 { a: b }"]],
  ["a number in a list", head("tools: [run_python, 3]"), ["error value.text 3:21 3"]],
  ["a wrong choice", head("inputMode: never"), ["error value.choice 3:12 never"]],
  ["a hand-off to nobody", head("handoffs:", "  - label: x"), ["error value.missing 4:5 label: x\n"]],
  ["a name that is none", head('name: "2 b"'), ['error name.invalid 3:7 "2 b"']],
  ["an unknown agent", head("agents: [nobody]"), ["warning agent.unknown 3:10 nobody"]],
  ["a misspelt agent", head("agents: [reviever]"), ["warning agent.unknown-near 3:10 reviever"]],
  ["an agent of the original", head("agents: privew_file_agent"), ["hint agent.original 3:9 privew_file_agent"]],
  ["an agent that asks itself", head("agents: hello"), ["warning agent.itself 3:9 hello"]],
  ["an agent named twice", head("agents: [reviewer, reviewer]"), ["hint agent.twice 3:20 reviewer"]],
  ["an unknown tool", head("tools: [fly]"), ["warning tool.unknown 3:9 fly"]],
  ["a sign for all tools, which stands for none", head('tools: ["*"]'), ['warning tool.unknown 3:9 "*"']],
  ["a misspelt tool", head("tools: [runpython]"), ["warning tool.unknown-near 3:9 runpython"]],
])("%s", async (_what, text, problems) => {
  expect(await wrong(text)).toEqual(problems);
});

const group = (...lines: readonly string[]): string => ["---", "description: All", ...lines, "---", ""].join("\n");

test.each<readonly [string, string, readonly string[]]>([
  ["no members", group(), ["error value.missing 1:1 ---\n"]],
  ["an empty list of members", group("members: []"), ["error value.empty 3:10 []"]],
  ["itself as a member", group("members: [desk, 写手]"), ["error group.circle 3:11 desk"]],
  ["no script", group("members: [写手]", "speaker: script"), ["error group.no-script 4:10 script"]],
  [
    "a stranger in the script",
    group("members: [写手]", "script: [reviewer]"),
    ["error group.not-member 4:10 reviewer"],
  ],
  [
    "a stranger who ends it",
    group("members: [写手]", "end: [speaker: reviewer]"),
    ["error group.not-member 4:16 reviewer"],
  ],
  ["a rule that is none", group("members: [写手]", "end: [terminate]"), ["error value.choice 4:7 terminate"]],
  ["rounds out of range", group("members: [写手]", "maxRounds: 0"), ["error value.range 4:12 0"]],
  ["tools of a group", group("members: [写手]", "tools: [run_python]"), ["warning key.agent-only 4:1 tools"]],
])("a group: %s", async (_what, text, problems) => {
  expect(await wrong(text, "/w/.byzer/agents/desk.group.md")).toEqual(problems);
});

test("the name of another is refused", async () => {
  const taken: KnownNames = { ...known, takenBy: (name) => (name === "hello" ? "other.agent.md" : null) };
  const { definition, problems } = await readAgentFile("/w/hello.agent.md", head("model: chat"), taken);
  expect(definition).toBeNull();
  expect(problems.map(({ message }) => message)).toEqual([
    "The name “hello” is taken by other.agent.md: nobody can call this agent by it.",
  ]);
});

test.each([
  ["modle: chat", "model"],
  ["inputMode: never", "NEVER"],
  ["agents: [reviever]", "reviewer"],
  ["agents: privew_file_agent", "preview_file_agent"],
  ["name: be kind", "be-kind"],
  ["model: 4", '"4"'],
])("%s can be put right", async (line, right) => {
  const { problems } = await read(head(line));
  expect(problems.flatMap(({ fixes }) => fixes)).toEqual([{ text: right }]);
});

test("a front matter and a file may not be of any size", async () => {
  expect(await wrong(head(`model: ${"x".repeat(70_000)}`))).toEqual(["error head.too-large 1:1 ---\n"]);
  expect(await wrong("x".repeat(1_000_001))).toEqual(["error file.too-large 1:1 "]);
});
