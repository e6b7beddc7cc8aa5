import { type Disposable, type QuickPick, type QuickPickItem, QuickPickItemKind, env, l10n, window } from "vscode";
import { problemText } from "../../agents/protocol/words/problem-text.ts";
import type { ClusterState } from "../../agents/protocol/cluster-state.ts";
import type { ClusterModel } from "../../agents/remote/cluster-models.ts";
import type { GatewayStatus } from "../../agents/remote/gateway.ts";
import { Disposables } from "../platform/disposables.ts";
import { formatBytes, formatCount } from "../platform/format.ts";
import { modelText } from "./deploy-model.ts";
import { childText } from "./cluster-tooltip.ts";
import { kindIcon, kindText, stepText } from "./cluster-words.ts";

/** What a person can do with a cluster. */
export type ClusterAction =
  | {
      readonly kind:
        | "connect"
        | "other"
        | "disconnect"
        | "remove"
        | "forget"
        | "start-local"
        | "stop-local"
        | "show-log";
    }
  /** `name`: of one that is there. */
  | { readonly kind: "model"; readonly name: string | undefined }
  | { readonly kind: "end"; readonly child: GatewayStatus["children"][number] };

export interface ClusterMenuParts {
  readonly state: () => ClusterState;
  /** What was said last of what runs there. */
  readonly there: () => GatewayStatus | null;
  /** The models that were said to be there last. */
  readonly models: () => readonly ClusterModel[];
  /** Whether the cluster of this machine runs. */
  readonly hasLocal: boolean;
  readonly onChange: (listener: () => void) => Disposable;
  /** Asks again what runs there. */
  readonly refresh: () => void;
}

interface Item extends QuickPickItem {
  readonly action?: ClusterAction;
}

const refreshEachMs = 5000;

/** Shows how the cluster is and what can be done; kept up to date while it is open. @returns `undefined` where it was left. */
export async function showClusterMenu(parts: ClusterMenuParts): Promise<ClusterAction | undefined> {
  const menu = window.createQuickPick<Item>();
  const owned = new Disposables();
  owned.add(menu);
  menu.matchOnDescription = true;
  const fill = (): void => fillMenu(menu, parts);
  owned.add(parts.onChange(fill));
  const timer = setInterval(parts.refresh, refreshEachMs);
  owned.add({ dispose: () => clearInterval(timer) });
  fill();
  parts.refresh();
  const { promise, resolve } = Promise.withResolvers<ClusterAction | undefined>();
  owned.add(
    menu.onDidAccept(() => {
      const action = menu.selectedItems[0]?.action;
      if (action !== undefined) {
        resolve(action);
        menu.hide();
      }
    }),
  );
  owned.add(menu.onDidHide(() => resolve(undefined)));
  menu.show();
  try {
    return await promise;
  } finally {
    owned.dispose();
  }
}

/** What the person points at stays pointed at. */
function fillMenu(menu: QuickPick<Item>, parts: ClusterMenuParts): void {
  const { state } = parts;
  const items = menuItems(parts);
  const active = menu.activeItems[0]?.label;
  menu.title = titleOf(state());
  menu.placeholder = summaryOf(state());
  menu.keepScrollPosition = true;
  menu.items = items;
  const again = items.find(({ label }) => label === active);
  if (again !== undefined) {
    menu.activeItems = [again];
  }
}

function titleOf(state: ClusterState): string {
  const title = l10n.t("Ray cluster");
  return "address" in state ? `${title} · ${state.address}` : title;
}

/** How a cluster is, in a sentence. */
function summaryOf(state: ClusterState): string {
  switch (state.status) {
    case "none":
      return l10n.t("No cluster is connected to this workspace.");
    case "off":
      return l10n.t("Not connected");
    case "connecting":
      return stepText(state.step);
    case "reconnecting":
      return l10n.t("The link is cut and is made again. What runs there goes on.");
    case "failed":
      return problemText(state.problem, env.language);
    case "up":
      return [
        state.machines.length === 1 ? l10n.t("1 node") : l10n.t("{0} nodes", state.machines.length),
        l10n.t("{0} of {1} CPUs free", formatCount(state.free.cpus), formatCount(state.cpus)),
        ...(state.gpus === 0
          ? []
          : [l10n.t("{0} of {1} GPUs free", formatCount(state.free.gpus), formatCount(state.gpus))]),
        l10n.t("{0} of {1} memory free", formatBytes(state.free.memoryBytes), formatBytes(state.memoryBytes)),
      ].join(" · ");
  }
}

function menuItems({ state, there, models, hasLocal }: ClusterMenuParts): readonly Item[] {
  const children = there()?.children ?? [];
  const deployed = state().status === "up" ? models() : [];
  return [
    ...(children.length === 0 ? [] : [separator(l10n.t("Runs there (choose to end it)"))]),
    ...children.map((child): Item => ({
      label: `$(${kindIcon(child.kind)}) ${child.title ?? child.name}`,
      description: `${kindText(child.kind)} · ${childText(child)}`,
      action: { kind: "end", child },
    })),
    ...(deployed.length === 0 ? [] : [separator(l10n.t("Models there (choose to use or remove one)"))]),
    ...deployed.map((model): Item => ({
      label: `$(hubot) ${model.name}`,
      description: modelText(model),
      action: { kind: "model", name: model.name },
    })),
    separator(l10n.t("Cluster")),
    ...actionItems(state()),
    separator(l10n.t("This machine")),
    hasLocal
      ? { label: `$(debug-stop) ${l10n.t("Stop the cluster of this machine…")}`, action: { kind: "stop-local" } }
      : { label: `$(vm) ${l10n.t("Start a cluster on this machine…")}`, action: { kind: "start-local" } },
    { label: `$(output) ${l10n.t("Show Log")}`, action: { kind: "show-log" } },
  ];
}

function actionItems(state: ClusterState): readonly Item[] {
  const other: Item = { label: `$(add) ${l10n.t("Connect to another cluster…")}`, action: { kind: "other" } };
  const remove: Item = {
    label: `$(trash) ${l10n.t("Remove everything of Byzer Agent’s from it…")}`,
    action: { kind: "remove" },
  };
  const disconnect: Item = {
    label: `$(debug-disconnect) ${l10n.t("Disconnect")}`,
    description: l10n.t("what runs there goes on"),
    action: { kind: "disconnect" },
  };
  switch (state.status) {
    case "none":
      return [{ label: `$(plug) ${l10n.t("Connect to a cluster…")}`, action: { kind: "other" } }];
    case "off":
    case "failed":
      return [
        { label: `$(plug) ${l10n.t("Connect")}`, description: state.address, action: { kind: "connect" } },
        other,
        {
          label: `$(close) ${l10n.t("Forget it in this workspace")}`,
          description: l10n.t("what runs there goes on"),
          action: { kind: "forget" },
        },
        remove,
      ];
    case "connecting":
    case "reconnecting":
      return [disconnect];
    case "up":
      return [
        { label: `$(hubot) ${l10n.t("Deploy a model…")}`, action: { kind: "model", name: undefined } },
        disconnect,
        other,
        remove,
      ];
  }
}

function separator(label: string): Item {
  return { label, kind: QuickPickItemKind.Separator };
}
