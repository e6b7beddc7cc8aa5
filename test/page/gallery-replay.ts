import type { ScriptEvent } from "./fixtures.ts";
import { type SessionScript, disasterProfile, sessionScript } from "./fixtures.ts";
import type { AgentsPush } from "../../src/agents/protocol/agents-page.ts";
import { type GalleryState, state } from "./gallery-state.ts";
import { agentsOf, calls, groupSession, says } from "./gallery-session-agents.ts";

const question = "How many people died in 1901, and in which disasters?";
const [pipeline, author, python] = ["data_analysis_pipeline", "assistant_agent", "python_interpreter"] as const;
const code = 'df = pd.read_csv("disasters.csv")\nprint(df[df.Entity == "All natural disasters"].Deaths.sum())';

const fromLog = (...events: readonly ScriptEvent[]): readonly ScriptEvent[] =>
  events.map((event) => ({ ...event, replayed: true }));

const output = (figure: string) => `exitcode: 0 (execution succeeded)\nCode output: ${figure}`;

/** A run that was played again after what Python had said was changed, and the run that it took the place of. */
export function replayedSession(): SessionScript {
  const script = sessionScript("Deaths from natural disasters").attach(disasterProfile());
  const run = (suffix: string): readonly ScriptEvent[] => [
    { type: "agent-select", agent: author, how: "model", durationMs: 412 },
    says("user", pipeline, question, { id: `1${suffix}` }),
    says(pipeline, author, question, { id: `2${suffix}` }),
    says(author, python, `\`\`\`python\n${code}\n\`\`\``, { id: `3${suffix}` }),
    { type: "cell-start", cellId: "c1", number: 1, agent: author, code, repair: 0, effects: [] },
    { type: "approval-answer", cellId: "c1", decision: "once", how: "person", code: null },
    { type: "cell-run", cellId: "c1" },
    { type: "cell-output", cellId: "c1", output: { type: "text", stream: "stdout", text: "200018\n" } },
    { type: "cell-end", cellId: "c1", status: "ok", durationMs: 210 },
  ];
  const done = { type: "turn-end", reason: "done", problem: null, durationMs: 8200 } as const;
  const values = { from: python, to: author };
  return script
    .ask(question)
    .add(...run("a"), says(python, author, output("200018"), { id: "4a", inReplyTo: "3a" }), done)
    .ask(question, { replaces: "t1", replays: { turnId: "t1", messageId: "4a", content: output("18") } })
    .add(
      {
        type: "notice",
        severity: "info",
        code: "replay-log",
        text: `Up to what ${python} says to ${author}, this is from the earlier run and was not run again.`,
        values,
      },
      ...fromLog(...run("b")),
      says(python, author, output("18"), { id: "4b", inReplyTo: "3b" }),
      { type: "replay-end", how: "changed", messageId: "4b" },
      {
        type: "notice",
        severity: "info",
        code: "replay-changed",
        text: `What ${python} says to ${author} was changed. From here on everything ran anew.`,
        values,
      },
      calls(author),
      { type: "text-end", blockId: "b1", agent: author, role: "answer", text: "**18** people died in 1901." },
      says(author, pipeline, "**18** people died in 1901.", { inReplyTo: "2b" }),
      says(pipeline, "user", "**18** people died in 1901.", { inReplyTo: "1b" }),
      done,
    );
}

/** Replays, in the chat. */
export const replayStates: readonly GalleryState[] = [
  state("replayed", replayedSession()),
  state("replayed-zh", replayedSession(), { locale: "zh-cn" }),
];

const change = async (page: Parameters<NonNullable<GalleryState["act"]>>[0]): Promise<void> => {
  await page.getByRole("button", { name: /assistant_agent (?:asks|提问) python_interpreter/u }).click();
  await page.locator(".change").click();
};

/** Replays, in the tab with the agents. */
export const agentsReplayStates: readonly GalleryState<AgentsPush>[] = [
  { name: "session-agents-replay", path: "/agents", pushes: () => [agentsOf(replayedSession())] },
  { name: "session-agents-replay-zh", path: "/agents", locale: "zh-cn", pushes: () => [agentsOf(replayedSession())] },
  { name: "session-agents-change", path: "/agents", pushes: () => [agentsOf(groupSession())], act: change },
  {
    name: "session-agents-change-zh",
    path: "/agents",
    locale: "zh-cn",
    pushes: () => [agentsOf(groupSession())],
    act: change,
  },
  {
    name: "session-agents-replay-pair",
    path: "/agents",
    pushes: () => [agentsOf(replayedSession())],
    act: async (page) => {
      await page.getByLabel("Messages").selectOption({ index: 3 });
    },
  },
];
