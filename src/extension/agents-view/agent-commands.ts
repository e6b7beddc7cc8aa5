import { Uri, commands, l10n } from "vscode";
import type { AgentDirectory } from "../../agents/directory/agent-directory.ts";
import type { ChatView } from "../chat/chat-view.ts";
import { chooseAgent } from "./agent-choice.ts";

/** Puts the agent's name before the person's next words. */
export async function askAgent(directory: AgentDirectory, chat: ChatView, given: unknown): Promise<void> {
  const agent = await chooseAgent(directory, given, {
    title: l10n.t("Which agent to ask?"),
    fits: ({ actions }) => actions.includes("ask"),
  });
  if (agent !== undefined) {
    await chat.reveal();
    chat.post({ kind: "compose", text: `@${agent.entry.definition.name} ` });
  }
}

/** Opens the file in which an agent is declared. */
export async function openAgentFile(directory: AgentDirectory, given: unknown): Promise<void> {
  const agent = await chooseAgent(directory, given, {
    title: l10n.t("Which agent's file to open?"),
    fits: ({ actions }) => actions.includes("open"),
  });
  const origin = agent?.entry.origin;
  if (origin !== undefined && "path" in origin) {
    await commands.executeCommand("vscode.open", Uri.file(origin.path));
  }
}
