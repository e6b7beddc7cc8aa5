import { afterEach, expect, test } from "vitest";
import { AgentDirectory, type DirectoryEntry } from "../../directory/agent-directory.ts";
import type { ChatModel, ModelEvent, ModelRequest } from "../../ports/chat-model.ts";
import type { Turn } from "../../protocol/session-state.ts";
import { type Analysis, createAnalysis } from "../../testing/analysis-fixture.ts";
import { entryOf, toolOf } from "../../testing/conversing-fixture.ts";

let analysis: Analysis;
afterEach(() => analysis.dispose());

/** What an agent says is a function of what it reads, so that a run that is played again says the same. */
const agents: {
  readonly [name: string]: (request: ModelRequest) => string | { readonly tool: string; readonly input: object };
} = {
  chief: ({ messages }) => {
    const results = messages.filter(({ role }) => role === "tool").map(({ content }) => content);
    const steps = [
      { tool: "ask_agent", input: { agent: "desk", message: "A poem" } },
      { tool: "stamp", input: { text: results[0] ?? "" } },
      { tool: "run_python", input: { code: "n = 1" } },
      { tool: "ask_agent", input: { agent: "critic", message: `Judge: ${results.join(" + ")}` } },
    ];
    return steps[results.length] ?? `Done: ${results.join(" | ")}`;
  },
  desk: () => "critic",
  writer: ({ messages }) => `Draft ${messages.length} of ${messages.at(-1)?.content.length}`,
  critic: ({ messages }) => `Note ${messages.length} on ${messages.at(-1)?.content.length}`,
};

function speakingModel(requests: string[]): ChatModel {
  return {
    name: "speaking",
    place: "test",
    async *complete(request): AsyncGenerator<ModelEvent> {
      const name = /^You are (\w+)\./u.exec(request.messages[0]?.content ?? "")?.[1] ?? "";
      requests.push(name);
      const said = agents[name]?.(request) ?? "?";
      const [text, toolCalls] =
        typeof said === "string"
          ? [said, []]
          : ["", [{ id: `call-${requests.length}`, name: said.tool, arguments: JSON.stringify(said.input) }]];
      const usage = { promptTokens: 1, completionTokens: 1, estimated: false };
      yield { type: "text", text };
      yield { type: "end", text, toolCalls, finishReason: "stop", usage, repairs: [] };
    },
  };
}

const named = (name: string, fields: object = {}): DirectoryEntry =>
  entryOf({ name, systemMessage: `You are ${name}.`, ...fields });
const group = (speaker: "model" | "round-robin", maxRounds: number) => ({
  members: ["writer", "critic"],
  speaker,
  script: [],
  maxRounds,
  end: [{ rule: "silence" as const }],
  answer: "last" as const,
});
const said = ({ messages }: Turn) => messages.map(({ from, to, content }) => `${from} > ${to}: ${content}`);
const shown = ({ blocks }: Turn) =>
  blocks.flatMap((block) =>
    block.kind === "text" || block.kind === "tool"
      ? [`${block.agent}: ${block.text}`]
      : block.kind === "cell"
        ? [`${block.agent}: ${block.code} ${block.phase}`]
        : [],
  );

test("every message of a run can be played from: all before is from the log, and unchanged words lead to the same", async () => {
  const requests: string[] = [];
  const used: string[] = [];
  const stamp = toolOf("stamp", () => `set ${Math.min(1, used.push("stamp"))}`, { effect: "acts" });
  const directory = new AgentDirectory();
  const entries = [
    named("chief", { asks: ["desk", "critic"], tools: ["stamp", "run_python"] }),
    named("desk", { group: group("model", 3) }),
    named("writer"),
    named("critic"),
  ];
  directory.add({ entries, onChange: () => () => undefined });
  const model = speakingModel(requests);
  const find = (names: readonly string[]) => ({ tools: names.includes("stamp") ? [stamp] : [], unknown: [] });
  analysis = await createAnalysis({
    models: { modelFor: () => Promise.resolve(model) },
    own: {
      directory,
      approvals: { granted: () => true, ask: () => Promise.resolve("deny") },
      tools: () => ({ find, all: [stamp] }),
    },
  });
  const { session, open, python } = analysis;
  python.expect({});
  let turn = await session.ask("@chief Go");
  expect(turn.problem).toBeNull();
  expect(turn.messages.length).toBeGreaterThan(12);
  for (let index = 1; index < turn.messages.length; index += 1) {
    const message = turn.messages[index];
    const log = open.log.events.filter((event) => "turnId" in event && event.turnId === turn.id);
    const at = log.findIndex((event) => event.type === "message" && event.message.id === message?.id);
    const later = log.slice(at).filter(({ type }) => type === "model-call").length;
    const stamps = log.slice(at).filter((event) => event.type === "tool-call" && event.tool === "stamp").length;
    if (log.slice(at).some(({ type }) => type === "cell-run")) {
      python.expect({});
    }

    const [asked, stamped] = [requests.length, used.length];
    // Each is played from the one before.
    // oxlint-disable-next-line no-await-in-loop
    const again = await session.replay({
      turnId: turn.id,
      messageId: message?.id ?? "",
      content: message?.content ?? "",
    });
    const what = `${index}: ${message?.from} > ${message?.to}`;
    expect(again.replay?.end, what).toBe("changed");
    expect(said(again), what).toEqual(said(turn));
    expect(shown(again), what).toEqual(shown(turn));
    expect(again.replay?.messages, what).toHaveLength(index);
    expect(requests.length - asked, what).toBe(later);
    expect(again.usage.calls, what).toBe(later);
    expect(used.length - stamped, what).toBe(stamps);
    python.assertFinished();
    turn = again;
  }
});
