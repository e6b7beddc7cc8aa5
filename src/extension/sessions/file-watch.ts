import { basename, dirname } from "node:path";
import { type Disposable, RelativePattern, Uri, workspace } from "vscode";
import { Disposables } from "../platform/disposables.ts";
import { globOfName } from "../platform/glob.ts";

/** A file that is being written changes many times; it is read when it has been still for this long. */
const quietMs = 500;

/** Watches single files, wherever they are. */
export class FileWatch implements Disposable {
  readonly #onChange: (path: string) => void;
  readonly #watched = new Map<string, Disposables>();

  /** @param onChange Called with the path after a file was changed, created again, or deleted. */
  constructor(onChange: (path: string) => void) {
    this.#onChange = onChange;
  }

  /** Watches exactly these paths from now on. */
  watch(paths: readonly string[]): void {
    for (const [path, watcher] of this.#watched) {
      if (!paths.includes(path)) {
        watcher.dispose();
        this.#watched.delete(path);
      }
    }
    for (const path of paths) {
      if (!this.#watched.has(path)) {
        this.#watched.set(path, this.#start(path));
      }
    }
  }

  dispose(): void {
    this.watch([]);
  }

  #start(path: string): Disposables {
    const owned = new Disposables();
    const pattern = new RelativePattern(Uri.file(dirname(path)), globOfName(basename(path)));
    const watcher = owned.add(workspace.createFileSystemWatcher(pattern));
    let timer: NodeJS.Timeout | undefined;
    const changed = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#onChange(path), quietMs);
    };
    owned.add({ dispose: () => clearTimeout(timer) });
    owned.add(watcher.onDidChange(changed));
    owned.add(watcher.onDidCreate(changed));
    owned.add(watcher.onDidDelete(changed));
    return owned;
  }
}
