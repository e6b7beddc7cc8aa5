import { pathToFileURL } from "node:url";
import { CancellationTokenSource, Uri, l10n, window } from "vscode";
import type { HumanInput } from "../../agents/ports/human-input.ts";
import type * as extraction from "../../agents/retrieval/parse/extract-document.ts";
import type { OwnAgents } from "../../agents/sessions/session-agents.ts";
import type { AgentRoom } from "../agents/agent-room.ts";
import type { DeclaredRoom } from "../declared/declared-room.ts";
import type { ClusterAgents } from "../ray/cluster-agents.ts";
import type { Agents } from "../platform/agents.ts";
import type { ApprovalDesk } from "./approval-desk.ts";

export interface OwnAgentParts {
  readonly declared: DeclaredRoom;
  readonly agents: AgentRoom;
  readonly clusterAgents: ClusterAgents;
  readonly approvals: ApprovalDesk;
  readonly extensionUri: Uri;
}

/** The workspace's agents as a session needs them. */
export function ownAgents(parts: OwnAgentParts, { createFileText }: Agents, sessionId: string): OwnAgents {
  const { declared, agents, clusterAgents, approvals, extensionUri } = parts;
  const program = Uri.joinPath(extensionUri, "dist", "extract-document.mjs");
  return {
    directory: declared.directory,
    approvals: approvals.toolsForSession(sessionId),
    tools: () => agents.shelf,
    fileText: createFileText(async () => {
      const { extractDocument }: typeof extraction = await import(pathToFileURL(program.fsPath).href);
      return extractDocument;
    }),
    humanInput,
    homes: clusterAgents.forSession(sessionId),
  };
}

/** Asks in the editor's own input box; leaving it ends the conversation. */
const humanInput: HumanInput = {
  async ask(prompt, signal) {
    const cancellation = new CancellationTokenSource();
    const cancel = (): void => cancellation.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      const options = { title: l10n.t("An agent asks you"), prompt, ignoreFocusOut: true };
      return (await window.showInputBox(options, cancellation.token)) ?? null;
    } finally {
      signal.removeEventListener("abort", cancel);
      cancellation.dispose();
    }
  },
};
