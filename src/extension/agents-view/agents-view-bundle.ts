/**
 * What the Agents view is made of, loaded at first use as a bundle of its own. `contributions/agents-view.ts` is the only
 * file that imports it.
 */
export { askAgent, openAgentFile } from "./agent-commands.ts";
export { MessageFiles, followMessages } from "./message-files.ts";
export { editSystemMessage, forgetAgent, restoreSystemMessage } from "./note-commands.ts";
export { SessionAgentsPanel } from "./session-agents-panel.ts";
export { agentNodes, agentTreeItem } from "./agent-tree.ts";
