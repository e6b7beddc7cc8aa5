/** Ids of the views, as the code and the manifest both use them. */
export const views = { container: "byzer", chat: "byzer.chat", agents: "byzer.agents" } as const;

/** The scheme of texts that were taken out of documents; they can only be read. */
export const textScheme = "byzer-text";

/** The scheme of system messages that are edited for a session. */
export const messageScheme = "byzer-message";

/** The language of these texts: paragraphs are lines as long as they come, so they are wrapped. */
export const textLanguage = "byzer-document-text";

/** The language of files that declare an agent or a group: Markdown with YAML in front. */
export const agentLanguage = "byzer-agent-file";

/** The language that the editor gives the files of its own agents. */
export const editorAgentLanguage = "chatagent";

/** Ids of tabs that are pages of our own. */
export const panels = { sessionAgents: "byzer.sessionAgents" } as const;

/** Ids of the editors of our own. */
export const customEditors = { pdf: "byzer.pdf" } as const;
