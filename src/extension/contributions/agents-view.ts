import {
  type Disposable,
  EventEmitter,
  type FileChangeEvent,
  FileSystemError,
  type FileSystemProvider,
  type TreeDataProvider,
  type Uri,
  window,
  workspace,
} from "vscode";
import type { AgentDirectory } from "../../agents/directory/agent-directory.ts";
import type { AgentNode } from "../agents-view/agent-tree.ts";
import type * as bundle from "../agents-view/agents-view-bundle.ts";
import type { MessageFiles } from "../agents-view/message-files.ts";
import type { SessionAgentsPanel } from "../agents-view/session-agents-panel.ts";
import { messageScheme, panels, views } from "../manifest/view-ids.ts";
import { Disposables } from "../platform/disposables.ts";
import type { Services } from "../services.ts";
import { type Contribution, registerCommands } from "./contribution.ts";

/** The Agents view, and the tab with the agents of a session. Nothing of it is made, and no agent is looked for, before somebody opens it. */
export const agentsView: Contribution = {
  name: "agents view",
  activate: (services): Disposable => {
    const { chat, clusterAgents, declared, desk, problems } = services;
    const owned = new Disposables();
    const changes = owned.add(new EventEmitter<void>());
    owned.add({ dispose: onListChange(declared.directory, () => changes.fire()) });
    owned.add(clusterAgents.onChange(() => changes.fire()));
    const shown = { directory: declared.directory, homeOf: (name: string) => clusterAgents.homeOf(name) };
    const provider: TreeDataProvider<AgentNode> = {
      onDidChangeTreeData: changes.event,
      getChildren: async (node) => {
        await declared.open();
        return [...(await functions()).agentNodes(shown, node)];
      },
      getTreeItem: async (node) => (await functions()).agentTreeItem(node),
    };
    owned.add(window.createTreeView(views.agents, { treeDataProvider: provider, showCollapseAll: true }));
    const notes = { desk, directory: declared.directory };
    owned.add(registerMessages(services));
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
        "byzer.editSystemMessage": async (given) => {
          await declared.open();
          await (await functions()).editSystemMessage(notes, given);
        },
        "byzer.restoreSystemMessage": async (given) => {
          await declared.open();
          await (await functions()).restoreSystemMessage(notes, given);
        },
        "byzer.forgetAgent": async (given) => {
          await declared.open();
          await (await functions()).forgetAgent(notes, given);
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

/** System messages that are edited in a tab, as files of a scheme of their own. */
function registerMessages({ declared, desk }: Services): Disposable {
  const owned = new Disposables();
  const changes = owned.add(new EventEmitter<FileChangeEvent[]>());
  let opening: Promise<MessageFiles> | undefined;
  const open = (): Promise<MessageFiles> => {
    opening ??= functions().then(({ MessageFiles: Files, followMessages }) => {
      owned.add(followMessages(desk, changes));
      return new Files({ desk, directory: declared.directory, openDirectory: () => declared.open() });
    });
    return opening;
  };
  const provider: FileSystemProvider = {
    onDidChangeFile: changes.event,
    watch: () => new Disposables(),
    stat: async (uri) => (await open()).stat(uri),
    readFile: async (uri) => (await open()).readFile(uri),
    writeFile: async (uri, content) => (await open()).writeFile(uri, content),
    readDirectory: () => [],
    createDirectory: refuse,
    delete: refuse,
    rename: refuse,
  };
  owned.add(workspace.registerFileSystemProvider(messageScheme, provider, { isCaseSensitive: true }));
  return owned;
}

/** Lines that are drawn anew are nobody's for a moment, so that is done only where what they say has changed. */
function onListChange(directory: AgentDirectory, listener: () => void): () => void {
  let before = "";
  return directory.onChange(() => {
    const shown = directory.entries.map(({ definition, origin, state, problem }) => [
      definition,
      origin,
      state,
      problem,
    ]);
    const now = JSON.stringify(shown);
    if (now !== before) {
      before = now;
      listener();
    }
  });
}

function refuse(uri: Uri): never {
  throw FileSystemError.NoPermissions(uri);
}
