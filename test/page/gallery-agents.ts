import type { Push } from "../../src/agents/protocol/page.ts";
import { sessionScript } from "./fixtures.ts";
import { type GalleryState, state } from "./gallery-state.ts";

/** Agents of a workspace's own. */
export const agentsPush: Push = {
  kind: "agents",
  agents: [
    { name: "hello", description: "Answers greetings and small talk", isGroup: false, needsModel: true },
    { name: "审稿人", description: "找出文稿中的错误与遗漏，并给出修改建议", isGroup: false, needsModel: true },
    {
      name: "release_notes_writer_for_the_command_line",
      description: "Writes release notes from the changes since the last tag, in the manner of earlier ones",
      isGroup: false,
      needsModel: false,
    },
    { name: "editors-desk", description: "A writer and a critic", isGroup: true, needsModel: true },
  ],
};

/** Calling agents by name. */
export const agentStates: readonly GalleryState[] = [
  state("agents-completed", sessionScript("Agents"), {
    more: [agentsPush],
    act: (page) => page.getByLabel("Ask a question").pressSequentially("@"),
  }),
  state("agents-completed-chinese", sessionScript("智能体"), {
    locale: "zh-cn",
    more: [agentsPush],
    act: (page) => page.locator("#composer-text").pressSequentially("@"),
  }),
];
