import type { AgentsPush } from "../../src/agents/protocol/agents-page.ts";
import type { ModelPrices } from "../../src/agents/protocol/model-costs.ts";
import { type ScriptEvent, type SessionScript, sessionScript } from "./fixtures.ts";
import type { GalleryState } from "./gallery-state.ts";

const prices: ModelPrices = { "qwen2.5-coder:14b": { input: 0.5, output: 1.5 } };

/** The message that shows the agents of a session. */
export function agentsOf(script: SessionScript, fields: { readonly prices?: ModelPrices } = {}): AgentsPush {
  return { kind: "session", prices: fields.prices ?? prices, events: script.events };
}

/** Somebody says something; with `inReplyTo` it is an answer. */
export function says(from: string, to: string, content: string, fields: { id?: string; inReplyTo?: string } = {}) {
  const { id = crypto.randomUUID(), inReplyTo } = fields;
  const reply = inReplyTo === undefined ? { requestReply: true } : { requestReply: false, inReplyTo };
  return { type: "message", message: { id, from, to, content, metadata: {}, silent: false, ...reply } } as const;
}

/** A call of a model. */
export function calls(agent: string, model = "qwen2.5-coder:14b", estimated = false): ScriptEvent {
  const usage = { promptTokens: 1204, completionTokens: 96, estimated };
  return { type: "model-call", agent, model, usage, durationMs: 1840, repairs: [] };
}

const done = { type: "turn-end", reason: "done", problem: null, durationMs: 8200 } as const;

/** Two questions, the second answered by a group of agents. */
export function groupSession(): SessionScript {
  const [pipeline, author, python] = ["data_analysis_pipeline", "assistant_agent", "python_interpreter"] as const;
  return sessionScript("Deaths from natural disasters")
    .ask("Good morning")
    .add(says("user", "hello", "Good morning", { id: "0" }), says("hello", "user", "Hi.", { inReplyTo: "0" }), done)
    .ask("How many people died in 1901, and in which disasters?")
    .add(
      says("user", pipeline, "How many people died in 1901, and in which disasters?", { id: "1" }),
      calls(pipeline, "router-small", true),
      says(pipeline, author, "How many people died in 1901, and in which disasters?", { id: "2" }),
      calls(author),
      says(author, python, 'df = pd.read_csv("disasters.csv")\ntotal = df[df.Entity == "All natural disasters"]', {
        id: "3",
      }),
      says(python, author, "exitcode: 0 (execution succeeded)\nCode output: 200018", { inReplyTo: "3" }),
      calls(author),
      says(author, "code_review_agent", "Please look at this.", { id: "4" }),
      says("code_review_agent", author, "", { inReplyTo: "4" }),
      says(author, pipeline, "**200,018** people died in 1901: 200,000 in an epidemic and 18 in an earthquake.", {
        inReplyTo: "2",
      }),
      says(pipeline, "user", "**200,018** people died in 1901.", { inReplyTo: "1" }),
      done,
    );
}

function chineseSession(): SessionScript {
  const names = ["user", "编辑部", "release_notes_writer_for_the_command_line", "审稿人"] as const;
  const script = sessionScript("发布说明").ask("请为 1.4 版写一份发布说明，并请审稿人看一遍");
  names.slice(1).forEach((name, index) => {
    const id = `m${index}`;
    const words = "请根据上次标签以来的更改撰写发布说明，沿用以前的写法，列出新功能、修复和不兼容的更改。";
    script.add(says(names[index] ?? "user", name, words, { id }), calls(name, "qwen2.5-coder:14b", index === 1));
  });
  names.slice(1).forEach((_, index) => {
    const inReplyTo = `m${2 - index}`;
    script.add(says(names[3 - index] ?? "user", names[2 - index] ?? "user", "已完成。", { inReplyTo }));
  });
  return script;
}

/** A group that talked for long. */
export function longSession(count: number): SessionScript {
  const script = sessionScript("A long talk").ask("Discuss");
  for (let index = 0; index < count; index += 1) {
    script.add(says(index % 2 === 0 ? "writer" : "critic", index % 2 === 0 ? "critic" : "writer", `Word ${index + 1}`));
  }

  return script;
}

function seen(
  name: string,
  push: AgentsPush,
  fields: Partial<GalleryState<AgentsPush>> = {},
): GalleryState<AgentsPush> {
  return { name: `session-agents-${name}`, path: "/agents", pushes: () => [push], ...fields };
}

const notable: AgentsPush = {
  kind: "agents",
  agents: [
    { name: "assistant_agent", edit: true, forget: false },
    { name: "data_analysis_pipeline", edit: true, forget: true },
  ],
};

/** The agents of a session, as a tab shows them. */
export const sessionAgentStates: readonly GalleryState<AgentsPush>[] = [
  { ...seen("run", agentsOf(groupSession())), pushes: () => [agentsOf(groupSession()), notable] },
  seen("opened", agentsOf(groupSession()), {
    act: (page) => page.getByRole("button", { name: /assistant_agent asks python_interpreter/u }).click(),
  }),
  seen("pair", agentsOf(groupSession(), { prices: {} }), {
    act: async (page) => {
      await page.getByLabel("Messages").selectOption({ label: "assistant_agent ↔ python_interpreter (2)" });
    },
  }),
  seen("chinese", agentsOf(chineseSession()), { locale: "zh-cn" }),
  seen("long", agentsOf(longSession(240))),
  seen("empty", agentsOf(sessionScript("Empty"))),
  seen("none", { kind: "session", prices: {}, events: [] }),
];
