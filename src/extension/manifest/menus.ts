import type { CommandId } from "./commands.ts";
import { packedExtensions, tableExtensions } from "./table-extensions.ts";

/** One entry of a menu. */
interface MenuEntry {
  readonly command: CommandId;
  readonly when?: string;
  readonly group?: string;
}

const isTable = `resourceFilename =~ /\\.(${tableExtensions.join("|")}|(${packedExtensions.join("|")})\\.gz)$/i`;
/** Files of which there is a path: what an editor shows of a comparison, an output or a terminal is none. */
const isFile = "resourceScheme =~ /^(file|vscode-remote)$/";
/** An agent in code. */
const isAgent = `${isFile} && resourceFilename =~ /\\.agent\\.(mjs|js|mts|ts)$/`;
const inChat = "view == byzer.chat";
const inAgents = "view == byzer.agents";
/** An agent of the list with which that can be done. */
const agentThat = (action: string): string => `${inAgents} && viewItem =~ /;${action};/`;

/** Where commands appear beside the palette, by the editor's name of the menu. */
export const menus: { readonly [place: string]: readonly MenuEntry[] } = {
  "explorer/context": [
    { command: "byzer.analyzeFile", when: `!explorerResourceIsFolder && ${isTable}`, group: "navigation@90" },
    { command: "byzer.askAboutFile", when: `!explorerResourceIsFolder && ${isFile}`, group: "navigation@91" },
    { command: "byzer.askAboutFolder", when: `explorerResourceIsFolder && ${isFile}`, group: "navigation@91" },
  ],
  "editor/context": [
    { command: "byzer.askAboutSelection", when: `editorHasSelection && ${isFile}`, group: "1_byzer@1" },
    { command: "byzer.askAboutFile", when: `!editorHasSelection && ${isFile}`, group: "1_byzer@1" },
  ],
  "editor/title": [
    { command: "byzer.analyzeFile", when: isTable, group: "navigation@90" },
    { command: "byzer.askAboutFile", when: isFile, group: "2_byzer@1" },
    { command: "byzer.debugAgent", when: isAgent, group: "navigation@91" },
    { command: "byzer.restartAgent", when: isAgent, group: "2_byzer@2" },
    { command: "byzer.showAgentOutput", when: isAgent, group: "2_byzer@3" },
  ],
  "editor/title/context": [
    { command: "byzer.analyzeFile", when: isTable, group: "2_byzer@1" },
    { command: "byzer.askAboutFile", when: isFile, group: "2_byzer@2" },
  ],
  commandPalette: [{ command: "byzer.askAboutSelection", when: "editorHasSelection" }],
  "view/title": [
    { command: "byzer.newSession", when: inChat, group: "0_session@1" },
    { command: "byzer.showSessions", when: inChat, group: "0_session@2" },
    { command: "byzer.renameSession", when: inChat, group: "0_session@3" },
    { command: "byzer.deleteSession", when: inChat, group: "0_session@4" },
    { command: "byzer.exportSession", when: inChat, group: "0_session@5" },
    { command: "byzer.searchConversations", when: inChat, group: "0_session@6" },
    { command: "byzer.chooseModel", when: inChat, group: "1_model@1" },
    { command: "byzer.addEndpoint", when: inChat, group: "1_model@2" },
    { command: "byzer.testConnection", when: inChat, group: "1_model@3" },
    { command: "byzer.manageIndex", when: inChat, group: "3_index@1" },
    { command: "byzer.choosePython", when: inChat, group: "2_python@1" },
    { command: "byzer.showTerminal", when: inChat, group: "2_python@2" },
    { command: "byzer.forgetApprovals", when: inChat, group: "2_python@3" },
    { command: "byzer.connectCluster", when: `${inChat} && !byzer.clusterNamed`, group: "2_python@4" },
    { command: "byzer.showCluster", when: `${inChat} && byzer.clusterNamed`, group: "2_python@4" },
    { command: "byzer.showTranscript", when: inChat, group: "4_log@1" },
    { command: "byzer.showLog", when: inChat, group: "4_log@2" },
    { command: "byzer.showSessionAgents", when: inChat, group: "4_log@0" },
    { command: "byzer.newAgent", when: inAgents, group: "navigation@1" },
    { command: "byzer.showSessionAgents", when: inAgents, group: "navigation@2" },
  ],
  "view/item/context": [
    { command: "byzer.askAgent", when: agentThat("ask"), group: "inline@1" },
    { command: "byzer.openAgentFile", when: agentThat("open"), group: "inline@2" },
    { command: "byzer.askAgent", when: agentThat("ask"), group: "1_ask@1" },
    { command: "byzer.openAgentFile", when: agentThat("open"), group: "1_ask@2" },
    { command: "byzer.editSystemMessage", when: agentThat("edit"), group: "2_notes@1" },
    { command: "byzer.restoreSystemMessage", when: agentThat("edit"), group: "2_notes@2" },
    { command: "byzer.forgetAgent", when: agentThat("forget"), group: "2_notes@3" },
    { command: "byzer.startAgent", when: agentThat("start"), group: "3_run@1" },
    { command: "byzer.stopAgent", when: agentThat("stop"), group: "3_run@2" },
    { command: "byzer.restartAgent", when: agentThat("restart"), group: "3_run@3" },
    { command: "byzer.debugAgent", when: agentThat("debug"), group: "3_run@4" },
    { command: "byzer.showAgentOutput", when: agentThat("output"), group: "3_run@5" },
  ],
};
