import { l10n } from "vscode";
import type { ClusterState, ConnectStep } from "../../agents/protocol/cluster-state.ts";

/** How the cluster is, in a few words for the status bar; `null` where there is nothing to say. */
export function shortState(state: ClusterState): string | null {
  switch (state.status) {
    case "none":
      return null;
    case "off":
      return `$(server) ${l10n.t("Ray: off")}`;
    case "connecting":
      return `$(sync~spin) ${l10n.t("Ray: connecting…")}`;
    case "up":
      return `$(server) ${state.machines.length === 1 ? l10n.t("Ray: 1 node") : l10n.t("Ray: {0} nodes", state.machines.length)}`;
    case "reconnecting":
      return `$(sync~spin) ${l10n.t("Ray: reconnecting…")}`;
    case "failed":
      return `$(warning) ${l10n.t("Ray: not connected")}`;
  }
}

/** What connecting does, as a person reads it. */
export function stepText(step: ConnectStep): string {
  switch (step) {
    case "looking":
      return l10n.t("Looking at the cluster…");
    case "uploading":
      return l10n.t("Putting Byzer Agent’s part there…");
    case "deploying":
      return l10n.t("Starting the gateway there…");
    case "admitting":
      return l10n.t("Having this machine admitted…");
    case "linking":
      return l10n.t("Connecting…");
  }
}

/** What a child of ours on a cluster is called; `kind`: as the gateway says. */
export function kindText(kind: string): string {
  switch (kind) {
    case "kernel":
      return l10n.t("Python of a session");
    case "group":
      return l10n.t("Agents");
    case "index":
      return l10n.t("Indexing");
    case "model":
      return l10n.t("Model");
    default:
      return kind;
  }
}

/** The codicon of such a child. */
export function kindIcon(kind: string): string {
  switch (kind) {
    case "kernel":
      return "terminal";
    case "group":
      return "type-hierarchy";
    case "index":
      return "book";
    case "model":
      return "hubot";
    default:
      return "circle-outline";
  }
}

/** How such a child is; `state`: as the gateway says. */
export function childStateText(state: string): string {
  switch (state) {
    case "starting":
      return l10n.t("starting");
    case "running":
      return l10n.t("works");
    case "idle":
      return l10n.t("idle");
    case "ended":
      return l10n.t("has ended");
    default:
      return state;
  }
}
