import { type Disposable, type LogOutputChannel, RelativePattern, Uri, l10n, window, workspace } from "vscode";
import type { AgentError } from "../../agents/base/errors.ts";
import { parseJsonWithComments } from "../../agents/mcp/json-with-comments.ts";
import { type McpConfiguration, type McpInput, readMcpFile, readMcpServers } from "../../agents/mcp/mcp-definition.ts";
import { McpServers } from "../../agents/mcp/mcp-servers.ts";
import type { Tool } from "../../agents/ports/tool.ts";
import { cleanEnvironment } from "../../agents/python/clean-environment.ts";
import { onSettingsChange } from "../platform/configuration.ts";
import { Disposables } from "../platform/disposables.ts";
import { diskPath, workspaceRoots } from "../platform/workspace-files.ts";
import { editorTools } from "./editor-tools.ts";
import type { McpRoomParts } from "./mcp-room.ts";
import { type McpFileReading, McpMarks } from "./mcp-marks.ts";
import { McpTrustDesk } from "./mcp-trust.ts";

/** The servers that are configured, and the tools of those that have been reached. */
export interface McpHouse {
  readonly tools: readonly Tool[];
  prepare(names: readonly string[], signal: AbortSignal): Promise<readonly AgentError[]>;
  /** Takes back which servers of this workspace may be used. Those that run go on until the window closes. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

/** Reads what is configured, and follows it. */
export async function openMcpHouse({ state, log, declared }: Omit<McpRoomParts, "shelf">): Promise<McpHouse> {
  const owned = new Disposables();
  const trust = new McpTrustDesk(state);
  const servers = new McpServers({
    load: async () => (await import("../../agents/mcp/mcp-client.ts")).connectMcp,
    allow: (definition) => trust.allow(definition),
    environment: process.env,
    baseEnvironment: cleanEnvironment(process.env),
    askInput: askOnce(),
  });
  const marks = owned.add(new McpMarks());
  const read = async (): Promise<void> => {
    const files = await Promise.all(workspaceRoots().map((root) => inFolder(root, log)));
    const found = [...configured(), ...files];
    found.flatMap(({ problems }) => problems).forEach(({ message }) => log.warn(message));
    marks.show(files);
    servers.set(found.flatMap((configuration) => configuration.servers));
  };
  let reading = read();
  const again = (): void => {
    reading = reading.then(read).catch((error: unknown) => log.error("MCP servers could not be read", error));
  };
  owned.add(watchFiles(again));
  owned.add(onSettingsChange(["mcp.servers"], again));
  await reading;
  owned.add(declared.nameTools(() => [...servers.names, ...editorTools()]));
  owned.add({ dispose: servers.onChange(() => declared.refresh()) });
  return {
    get tools() {
      return [...servers.tools, ...editorTools()];
    },
    prepare: async (names, signal) => {
      await reading;
      return await servers.prepare(names, signal);
    },
    forget: () => trust.forget(),
    close: async () => {
      owned.dispose();
      await servers.close();
    },
  };
}

/** Those of the person's own settings; what a workspace's settings say came with it. */
function configured(): readonly McpConfiguration[] {
  type Servers = Readonly<Record<string, unknown>>;
  const found = workspace.getConfiguration("byzer").inspect<Servers>("mcp.servers");
  const folder = workspaceRoots()[0] ?? process.cwd();
  const place = { name: "byzer.mcp.servers", folder };
  return [
    readMcpServers(found?.globalValue ?? {}, { ...place, needsYes: false }),
    readMcpServers({ ...found?.workspaceValue, ...found?.workspaceFolderValue }, { ...place, needsYes: true }),
  ];
}

async function inFolder(root: string, log: LogOutputChannel): Promise<McpFileReading> {
  const file = Uri.joinPath(Uri.file(root), ".vscode", "mcp.json");
  let text: string;
  try {
    text = Buffer.from(await workspace.fs.readFile(file)).toString("utf8");
  } catch {
    // Most folders have none.
    return { file, text: "", servers: [], problems: [] };
  }

  try {
    const read = readMcpFile(parseJsonWithComments(text), { name: file.fsPath, folder: root, needsYes: true });
    return { file, text, ...read };
  } catch (error) {
    // What is no JSON is marked by the editor itself.
    log.warn(`${file.fsPath}: ${String(error)}`);
    return { file, text, servers: [], problems: [] };
  }
}

function watchFiles(changed: () => void): Disposable {
  const owned = new Disposables();
  const watch = (): Disposables => {
    const watching = new Disposables();
    for (const folder of workspace.workspaceFolders ?? []) {
      if (diskPath(folder.uri) !== undefined) {
        const watcher = watching.add(
          workspace.createFileSystemWatcher(new RelativePattern(folder, ".vscode/mcp.json")),
        );
        watching.add(watcher.onDidCreate(changed));
        watching.add(watcher.onDidChange(changed));
        watching.add(watcher.onDidDelete(changed));
      }
    }
    return watching;
  };
  let watching = watch();
  owned.add({ dispose: () => watching.dispose() });
  owned.add(
    workspace.onDidChangeWorkspaceFolders(() => {
      watching.dispose();
      watching = watch();
      changed();
    }),
  );
  return owned;
}

/** Asks for a value that is not written down, once for as long as the window is open. */
function askOnce(): (server: string, input: McpInput) => Promise<string | null> {
  const given = new Map<string, string>();
  return async (server, input) => {
    const key = JSON.stringify([server, input.id]);
    const value = given.get(key) ?? (await askFor(server, input));
    if (value !== undefined) {
      given.set(key, value);
    }

    return value ?? null;
  };
}

function askFor(server: string, { description, isPassword, options }: McpInput): Thenable<string | undefined> {
  const title = l10n.t("The MCP server “{0}” needs a value", server);
  return options.length > 0
    ? window.showQuickPick([...options], { title, placeHolder: description, ignoreFocusOut: true })
    : window.showInputBox({ title, prompt: description, password: isPassword, ignoreFocusOut: true });
}
