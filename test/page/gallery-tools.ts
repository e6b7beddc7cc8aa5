import type { ScriptEvent, SessionScript } from "./fixtures.ts";
import { type GalleryState, state, titled } from "./gallery-state.ts";

const agent = "release_notes_writer";

/** A tool that has given something back. */
const looked: readonly ScriptEvent[] = [
  { type: "agent-select", agent, how: "forced", durationMs: 0 },
  {
    type: "tool-call",
    callId: "k1",
    agent,
    tool: "search_files",
    origin: "byzer",
    input: '{"query":"what changed in the last release of the command line"}',
  },
  { type: "tool-end", callId: "k1", failed: false, text: "1. CHANGELOG.md, line 3: …", durationMs: 120 },
  { type: "tool-call", callId: "k2", agent, tool: "read_file", origin: "byzer", input: '{"path":"CHANGES.md"}' },
  {
    type: "tool-end",
    callId: "k2",
    failed: true,
    text: "There is no CHANGES.md. Ask list_files what there is.",
    durationMs: 2,
  },
];

/** A tool that waits for the person's yes, after others. */
export const asks: readonly ScriptEvent[] = [
  ...looked,
  {
    type: "tool-call",
    callId: "k3",
    agent,
    tool: "publish_release_notes_to_every_channel",
    origin: "a-server-with-a-long-name.example",
    input: JSON.stringify({ title: "1.4", channels: ["web", "mail"], body: "# 1.4\n\n- Faster\n- Fewer errors" }),
  },
  { type: "progress", agent, activity: "waiting", detail: "" },
  { type: "tool-approval-request", callId: "k3" },
];

const question = (): SessionScript => titled().ask("Write the release notes and publish them");

const words = (blockId: string, speaker: string, role: "comment" | "answer", text: string): ScriptEvent => ({
  type: "text-end",
  blockId,
  agent: speaker,
  role,
  text,
});

/** Tools that agents call, and groups of them. */
export const toolStates: readonly GalleryState[] = [
  state(
    "group",
    titled()
      .ask("@office Write a notice: closed on Friday, moving.")
      .add(
        { type: "agent-select", agent: "office", how: "forced", durationMs: 0 },
        words("b1", "drafter", "comment", "Dear all, the library will be closed on Friday, because we are moving."),
        words(
          "b2",
          "a_shortener_with_a_rather_long_name_that_may_not_fit",
          "comment",
          "Closed on Friday: we are moving.",
        ),
        words("b3", "审阅者", "comment", "请写明何时重新开放。"),
        words("b4", "office", "answer", "**Closed on Friday**: we are moving. Open again on Monday."),
        { type: "turn-end", reason: "done", problem: null, durationMs: 9000 },
      ),
  ),
  state("tool-waiting", question().add(...asks)),
  state(
    "tool-waiting-chinese",
    titled()
      .ask("写发布说明")
      .add(...asks),
    { locale: "zh-cn" },
  ),
  state(
    "tool-denied",
    question().add(
      ...asks,
      { type: "tool-approval-answer", callId: "k3", decision: "deny", how: "person" },
      { type: "tool-end", callId: "k3", failed: true, text: "The user does not allow this call.", durationMs: 0 },
      { type: "text-end", blockId: "b", agent, role: "answer", text: "The notes are written and not published." },
      { type: "turn-end", reason: "done", problem: null, durationMs: 4000 },
    ),
    { act: (page) => page.getByRole("button", { name: /publish_release/u }).click() },
  ),
];
