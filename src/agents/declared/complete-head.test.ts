import { expect, test } from "vitest";
import type { AgentFileKind } from "./agent-file-schema.ts";
import { type HeadContext, completeHead } from "./complete-head.ts";
import { hoverHead } from "./hover-head.ts";

const known = {
  agents: [
    { name: "writer", description: "Writes." },
    { name: "审稿人", description: "审阅文稿。" },
  ],
  tools: [
    { name: "run_python", description: "Runs Python." },
    { name: "finish", description: "Ends.", comesByItself: true },
  ],
};

function contextOf(kind: AgentFileKind, locale = "en"): HeadContext {
  return { kind, known, models: [{ name: "llama3", description: "here" }], locale };
}

/** What is offered where `|` stands. */
function offered(marked: string, kind: AgentFileKind = "agent"): readonly string[] {
  const offset = marked.indexOf("|");
  return completeHead(marked.replace("|", ""), offset, contextOf(kind)).map(({ label }) => label);
}

const agentKeys = ["name", "description", "model", "limits", "tools", "agents", "handoffs", "inputMode", "location"];

test.each<readonly [string, readonly string[]]>([
  ["---\n|\n---\n", agentKeys],
  ["---\n|", agentKeys],
  ["---\r\ndescription: x\r\nto|\r\n---\r\n", agentKeys.filter((key) => key !== "description")],
  ["---\nlimits:\n  |\n---\n", ["replies", "modelCalls", "tokens", "seconds"]],
  ["---\nlimits:\n  replies: 3\n\n  # why\n  |\n---\n", ["replies", "modelCalls", "tokens", "seconds"]],
  ["---\nlimits: { replies: 3, | }\n---\n", ["replies", "modelCalls", "tokens", "seconds"]],
  ["---\nhandoffs:\n  - agent: writer\n    |\n---\n", ["agent", "label", "prompt", "send", "model"]],
  ["---\nhandoffs:\n- agent: writer\n  |\n---\n", ["agent", "label", "prompt", "send", "model"]],
  ["---\nhandoffs: [{ | }]\n---\n", ["agent", "label", "prompt", "send", "model"]],
  ["---\nhandoffs:\n  - |\n---\n", ["agent", "label", "prompt", "send", "model", "writer", "审稿人"]],
  ["---\nhandoffs:\n  - agent: |\n---\n", ["writer", "审稿人"]],
  ["---\nhandoffs:\n  - send: |\n---\n", ["true", "false"]],
  ["---\nagents: [writer, |]\n---\n", ["writer", "审稿人"]],
  ["---\nagents: 审|\n---\n", ["writer", "审稿人"]],
  ["---\ntools:\n- |\n---\n", ["run_python"]],
  ["---\ntools:\n  - run_python\n  - |\n---\n", ["run_python"]],
  ["---\ntools: [\n  |\n---\n", ["run_python"]],
  ["---\nmodel: |\n---\n", ["chat", "router", "reviewer", "llama3"]],
  ["---\ninputMode: N|\n---\n", ["ALWAYS", "TERMINATE", "NEVER"]],
  ["---\ndescription: |\n---\n", []],
  ["---\ndescription: x # |\n---\n", []],
  ["---\ndescription: x\n---\n|", []],
  ["no front matter |", []],
])("%j", (marked, labels) => {
  expect(offered(marked)).toEqual(labels);
});

test.each<readonly [string, readonly string[]]>([
  [
    "---\nmembers:\n  - writer\n|\n---\n",
    ["name", "description", "model", "limits", "speaker", "script", "maxRounds", "end", "answer", "location"],
  ],
  ["---\nspeaker: |\n---\n", ["round-robin", "model", "script"]],
  ["---\nend: [|]\n---\n", ["finish", "silence", "judge"]],
  ["---\nend:\n  - |\n---\n", ["speaker", "finish", "silence", "judge"]],
  ["---\nend:\n  - speaker: |\n---\n", ["writer", "审稿人"]],
])("of a group: %j", (marked, labels) => {
  expect(offered(marked, "group")).toEqual(labels);
});

function snippetOfLimits(text: string, offset: number): string | undefined {
  return completeHead(text, offset, contextOf("agent")).find(({ label }) => label === "limits")?.snippet;
}

test("a key comes with its value to fill in, and without where a colon follows", () => {
  expect(snippetOfLimits("---\nli\n---\n", 6)).toBe("limits:\n  modelCalls: ${1:10}");
  expect(snippetOfLimits("---\nli: 3\n---\n", 6)).toBe("limits");
});

test("what is completed takes the place of the whole word", () => {
  const [first] = completeHead("---\nmod: chat\n---\n", 5, contextOf("agent"));
  expect(first?.span).toEqual({ start: 4, end: 7 });
});

test.each([
  ["---\nmo|del: chat\n---\n", "en", "model", /^A role/],
  ["---\nmo|del: chat\n---\n", "zh-cn", "model", /^角色/],
  ["---\nlimits:\n  to|kens: 300\n---\n", "en", "tokens", /tokens/],
  ["---\nagents: [审|稿人]\n---\n", "en", "审稿人", /审阅/],
  ["---\ntools:\n  - run_|python\n---\n", "en", "run_python", /Runs/],
])("hover at %j in %s", (marked, locale, title, text) => {
  const offset = marked.indexOf("|");
  const hover = hoverHead(marked.replace("|", ""), offset, contextOf("agent", locale));
  expect(hover).toMatchObject({ title, text: expect.stringMatching(text) });
});

test("nothing is said of words that mean nothing", () => {
  expect(hoverHead("---\ndescription: tokens\n---\nmodel: chat", 20, contextOf("agent"))).toBeNull();
  expect(hoverHead("---\ndescription: tokens\n---\nmodel: chat", 32, contextOf("agent"))).toBeNull();
});
