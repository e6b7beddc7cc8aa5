import { type Disposable, EventEmitter, type TreeDataProvider, window } from "vscode";
import type { AgentNode } from "../agents-view/agent-tree.ts";
import type * as bundle from "../agents-view/agents-view-bundle.ts";
import type { SessionAgentsPanel } from "../agents-view/session-agents-panel.ts";
import { panels, views } from "../manifest/view-ids.ts";
import { Disposables } from "../platform/disposables.ts";
import { type Contribution, registerCommands } from "./contribution.ts";

/** The Agents view, and the tab with the agents of a session. Nothing of it is made, and no agent is looked for, before somebody opens it. */
export const agentsView: Contribution = {
  name: "agents view",
  activate: (services): Disposable => {
    const { chat, declared, desk, problems } = services;
    const owned = new Disposables();
    const changes = owned.add(new EventEmitter<void>());
    owned.add({ dispose: declared.directory.onChange(() => changes.fire()) });
    const provider: TreeDataProvider<AgentNode> = {
      onDidChangeTreeData: changes.event,
      getChildren: async (node) => {
        await declared.open();
        return [...(await functions()).agentNodes(declared.directory, node)];
      },
      getTreeItem: async (node) => (await functions()).agentTreeItem(node),
    };
    owned.add(window.createTreeView(views.agents, { treeDataProvider: provider, showCollapseAll: true }));
    let opening: Promise<SessionAgentsPanel> | undefined;
    const panel = (): Promise<SessionAgentsPanel> => {
      opening ??= functions().then(({ SessionAgentsPanel: Panel }) => owned.add(new Panel(services)));
      return opening;
    };
    owned.add(
      window.registerWebviewPanelSerializer(panels.sessionAgents, {
        deserializeWebviewPanel: async (tab) => {
          (await panel()).fill(tab);
          await problems.guard(() => desk.resume());
        },
      }),
    );
    owned.add(
      registerCommands(services, {
        "byzer.showSessionAgents": async () => {
          await desk.resume();
          (await panel()).show();
        },
        "byzer.askAgent": async (given) => {
          await declared.open();
          await (await functions()).askAgent(declared.directory, chat, given);
        },
        "byzer.openAgentFile": async (given) => {
          await declared.open();
          await (await functions()).openAgentFile(declared.directory, given);
        },
      }),
    );
    return owned;
  },
};

function functions(): Promise<typeof bundle> {
  return import("../agents-view/agents-view-bundle.ts");
}
