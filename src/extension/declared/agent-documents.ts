import { type DocumentSelector, type TextDocument, languages } from "vscode";

/** Where agents live below a folder of the workspace. */
export const agentFolders = [".byzer/agents", ".github/agents"] as const;

/** The documents that declare an agent or a group in text. */
export const agentDocuments: DocumentSelector = agentFolders.map((folder) => {
  return { scheme: "file", pattern: `**/${folder}/*.{agent,group}.md` };
});

/** Whether a document declares an agent or a group in text. */
export function isAgentDocument(document: TextDocument): boolean {
  return languages.match(agentDocuments, document) > 0;
}
