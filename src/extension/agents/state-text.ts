import { l10n } from "vscode";
import type { AgentState } from "../../agents/directory/agent-directory.ts";

/** How an agent is, in a word or two. */
export function stateText(state: AgentState): string {
  switch (state) {
    case "ready":
      return l10n.t("ready");
    case "starting":
      return l10n.t("starting");
    case "stopped":
      return l10n.t("stopped");
    case "untrusted":
      return l10n.t("waits for your yes");
    case "broken":
      return l10n.t("broken");
  }
}
