import { type Disposable, StatusBarAlignment, type StatusBarItem, ThemeColor, commands, l10n, window } from "vscode";
import type { CommandId } from "../manifest/commands.ts";
import { Disposables } from "../platform/disposables.ts";
import { clusterTooltip } from "../ray/cluster-tooltip.ts";
import { shortState } from "../ray/cluster-words.ts";
import type { ClusterDesk } from "../ray/cluster-desk.ts";
import type { Services } from "../services.ts";
import { type Contribution, registerCommands } from "./contribution.ts";

/** The cluster of the workspace: its commands, and its place in the status bar where one is named. */
export const ray: Contribution = {
  name: "ray",
  activate: (services): Disposable => {
    const { cluster } = services;
    const owned = new Disposables();
    owned.add(showInStatusBar(cluster));
    owned.add(
      registerCommands(services, {
        "byzer.connectCluster": async (address) => {
          await cluster.connect(typeof address === "string" ? address : undefined);
          tellHowToGoOn(services);
        },
        "byzer.disconnectCluster": () => cluster.disconnect(),
        "byzer.showCluster": () => cluster.showStatus(),
        "byzer.removeFromCluster": () => cluster.remove(),
        "byzer.startLocalCluster": async () => {
          await cluster.startLocal();
          tellHowToGoOn(services);
        },
        "byzer.stopLocalCluster": () => cluster.stopLocal(),
        "byzer.deployModel": (name) => cluster.deployModel(typeof name === "string" ? name : undefined),
      }),
    );
    return owned;
  },
};

/** The item is made when there is something to say: most workspaces have no cluster. */
function showInStatusBar(cluster: ClusterDesk): Disposable {
  const owned = new Disposables();
  let item: StatusBarItem | undefined;
  const show = (): void => {
    const text = shortState(cluster.state);
    void commands.executeCommand("setContext", "byzer.clusterNamed", text !== null);
    if (text === null) {
      item?.hide();
      return;
    }
    item ??= owned.add(createItem());
    item.text = text;
    item.tooltip = clusterTooltip(cluster.state, cluster.there);
    item.backgroundColor = isTrouble(cluster) ? new ThemeColor("statusBarItem.warningBackground") : undefined;
    item.show();
  };
  show();
  owned.add(cluster.onChange(show));
  return owned;
}

function createItem(): StatusBarItem {
  const item = window.createStatusBarItem("byzer.cluster", StatusBarAlignment.Right, 90);
  item.name = l10n.t("Ray cluster of Byzer Agent");
  item.command = "byzer.showCluster" satisfies CommandId;
  return item;
}

/** Nobody waits for the answer. */
function tellHowToGoOn({ chat, problems }: Services): void {
  const said = l10n.t(
    "The cluster is connected. A session moves there at the Python button of its chat; agents and models live there, too.",
  );
  const open = l10n.t("Open Chat");
  void problems.guard(async () => {
    if ((await window.showInformationMessage(said, open)) === open) {
      await chat.reveal();
    }
  });
}

function isTrouble({ state }: ClusterDesk): boolean {
  return state.status === "failed" || state.status === "reconnecting";
}
