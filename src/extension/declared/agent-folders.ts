import { join } from "node:path";
import { type Disposable, EventEmitter, FileType, RelativePattern, Uri, workspace } from "vscode";
import { isEditorsFile } from "../../agents/declared/read-agent-file.ts";
import { Disposables } from "../platform/disposables.ts";
import { agentFolders } from "./agent-documents.ts";
import { diskPath } from "../platform/workspace-files.ts";

const fileOfAgent = /\.(?:agent|group)\.md$/iu;
const codeOfAgent = /\.agent\.(?:mjs|js|ts|mts)$/u;
/** A save is several events, and a checkout is many. */
const pauseMs = 50;

/** What there is, and what may have changed since it was told last. */
export interface AgentPaths {
  /** Agents and groups in files, absolute. */
  readonly files: readonly string[];
  /** Agents in code, absolute. */
  readonly code: readonly string[];
  readonly changed: readonly string[];
}

/** The folders in which agents are declared, in every folder of the workspace; looked at and watched from its making on. */
export class AgentFolders implements Disposable {
  readonly #owned = new Disposables();
  readonly #found = this.#owned.add(new EventEmitter<AgentPaths>());
  readonly #changed = new Set<string>();
  #watching = this.#watch();
  #timer: NodeJS.Timeout | undefined;

  /** Fires with everything that is there, after each change. */
  readonly onFound = this.#found.event;

  constructor() {
    this.#owned.add({ dispose: () => this.#watching.dispose() });
    this.#owned.add({ dispose: () => clearTimeout(this.#timer) });
    this.#owned.add(workspace.onDidSaveTextDocument(({ uri }) => this.#seen(uri)));
    this.#owned.add(
      workspace.onDidChangeWorkspaceFolders(() => {
        this.#watching.dispose();
        this.#watching = this.#watch();
        this.#soon();
      }),
    );
  }

  /** Looks now. */
  async look(): Promise<AgentPaths> {
    const roots = (workspace.workspaceFolders ?? []).flatMap(({ uri }) => diskPath(uri) ?? []);
    const folders = roots.flatMap((root) => agentFolders.map((folder) => join(root, folder)));
    const paths = (await Promise.all(folders.map((folder) => filesIn(folder)))).flat();
    const changed = [...this.#changed];
    this.#changed.clear();
    const files = paths.filter((path) => fileOfAgent.test(path));
    const code = paths.filter((path) => codeOfAgent.test(path) && !isEditorsFile(path));
    return { files, code, changed };
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #watch(): Disposable {
    const watching = new Disposables();
    for (const folder of workspace.workspaceFolders ?? []) {
      for (const place of agentFolders) {
        // A folder that goes is told as one event, and one that comes may be too.
        const pattern = new RelativePattern(folder, `{${place.split("/")[0]},${place},${place}/*}`);
        const watcher = watching.add(workspace.createFileSystemWatcher(pattern));
        watching.add(watcher.onDidCreate((uri) => this.#seen(uri)));
        watching.add(watcher.onDidChange((uri) => this.#seen(uri)));
        watching.add(watcher.onDidDelete((uri) => this.#seen(uri)));
      }
    }
    return watching;
  }

  #seen({ scheme, fsPath, path }: Uri): void {
    if (scheme === "file" && /\/\.(?:byzer|github)(?:\/agents(?:\/[^/]*)?)?$/u.test(path)) {
      this.#changed.add(fsPath);
      this.#soon();
    }
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.look().then((paths) => this.#found.fire(paths)), pauseMs);
  }
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await workspace.fs.readDirectory(Uri.file(folder));
    // oxlint-disable-next-line no-bitwise -- a link to a file is both
    return entries.filter(([, type]) => (type & FileType.File) !== 0).map(([name]) => join(folder, name));
  } catch {
    // Most folders of most people have no agents.
    return [];
  }
}
