import { type Disposable, l10n, window, workspace } from "vscode";
import { showTerminal } from "../chat/editor-handlers.ts";
import { onSettingsChange } from "../platform/configuration.ts";
import { Disposables } from "../platform/disposables.ts";
import type { Services } from "../services.ts";
import { type Contribution, registerCommands } from "./contribution.ts";

/** Choosing and setting up the Python that runs, and what it may do. */
export const python: Contribution = {
  name: "python",
  activate: (services): Disposable => {
    const owned = new Disposables();
    owned.add(
      registerCommands(services, {
        "byzer.choosePython": () => services.python.choose(),
        "byzer.setUpPython": () => services.python.install(),
        "byzer.showTerminal": () => showTerminal(services),
        "byzer.forgetApprovals": () => forgetApprovals(services),
      }),
    );
    const lookAgain = (): void => void services.problems.guard(() => services.python.refresh());
    owned.add(onSettingsChange(["python.path"], lookAgain));
    owned.add(
      onSettingsChange(["interpreter.sandbox"], () => {
        void services.problems.guard(() => services.desk.restartPython());
        lookAgain();
      }),
    );
    owned.add(workspace.onDidGrantWorkspaceTrust(lookAgain));
    owned.add(services.python.onReplace(() => services.desk.restartPython()));
    owned.add(findAgain(services));
    return owned;
  },
};

/** Sessions that run on a cluster find their Pythons when it is connected to; a link that was cut loses none. */
function findAgain({ cluster, desk }: Services): Disposable {
  let wasLinked = false;
  return cluster.onChange(({ status }) => {
    if (status === "up" && !wasLinked) {
      void desk.findPython();
    }
    wasLinked = status === "up" || status === "reconnecting";
  });
}

async function forgetApprovals({ approvals, agents, mcp }: Services): Promise<void> {
  const { workspace: always, sessions, tools } = approvals.grants;
  const items = [
    ...(always ? [{ label: l10n.t("Always in this workspace"), which: "workspace" as const }] : []),
    ...(sessions.length > 0
      ? [{ label: l10n.t("In {0} sessions of this workspace", sessions.length), which: "sessions" as const }]
      : []),
    ...(tools.length > 0 ? [{ label: l10n.t("Tools of agents ({0})", tools.length), which: "tools" as const }] : []),
    ...(agents.trust.paths.length > 0
      ? [{ label: l10n.t("Agents in code ({0})", agents.trust.paths.length), which: "code" as const }]
      : []),
    ...(mcp.allowed > 0 ? [{ label: l10n.t("MCP servers ({0})", mcp.allowed), which: "servers" as const }] : []),
  ];
  if (items.length === 0) {
    void window.showInformationMessage(l10n.t("Nothing may run without asking: there is nothing to forget."));
    return;
  }
  const title = l10n.t("These run without asking. Which permission to take back?");
  const picked = await window.showQuickPick(items, { title, canPickMany: true });
  const chosen = (picked ?? []).map(({ which }) => which);
  await approvals.forget(chosen.filter((which) => which !== "code" && which !== "servers"));
  if (chosen.includes("code")) {
    await agents.trust.forget();
  }
  if (chosen.includes("servers")) {
    await mcp.forget();
  }
}
