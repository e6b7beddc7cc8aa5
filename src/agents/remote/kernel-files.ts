import { stat } from "node:fs/promises";
import { AgentError } from "../base/errors.ts";
import type { PlacedFile } from "../protocol/remote-kernel.ts";
import type { Gateway } from "./gateway.ts";
import type { KernelPaths } from "./kernel-paths.ts";

/** How a file was, as far as can be told without reading it. */
interface FileState {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** What was put for one state of a file. */
interface PutFile extends FileState {
  readonly sha256: string;
}

/** What came of it: why it could not be done, and which contents the cluster does not have any more. */
export interface PlaceAnswer {
  readonly problem: string | null;
  readonly missing?: readonly string[] | undefined;
}

/** What is to be laid out. */
export interface PlaceOrder {
  readonly files: readonly PlacedFile[];
  /** On all nodes, with whatever was laid out before, since code is about to spread over the cluster. */
  readonly spread: boolean;
}

/** How files get under the folder of a kernel. */
export interface KernelFilesParts {
  readonly gateway: Pick<Gateway, "put" | "bring">;
  readonly paths: KernelPaths;
  /** Has the kernel lay them out. */
  readonly place: (order: PlaceOrder, signal: AbortSignal) => Promise<PlaceAnswer>;
}

/** Brings files of this machine to a kernel: each content once to the cluster, again only where a file has changed. */
export class KernelFiles {
  readonly #parts: KernelFilesParts;
  readonly #placed = new Map<string, FileState>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(parts: KernelFilesParts) {
    this.#parts = parts;
  }

  /**
   * Has files lie on the kernel's node as they lie here. Those that are not there, or are no files, are passed over: code
   * that reads them is told so by Python.
   *
   * @param paths Absolute. @param spread On all nodes, those that were brought before included.
   * @throws AgentError `remote.file`
   */
  bring(paths: readonly string[], signal: AbortSignal, spread = false): Promise<void> {
    const turn = this.#queue.then(() => this.#bringNow([...new Set(paths)], signal, spread));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** What the kernel has in place of a file stays there until the file of this machine changes. @param path Absolute. */
  async keepTheirs(path: string): Promise<void> {
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined) {
      this.#placed.set(path, { sizeBytes: found.size, modifiedMs: Math.round(found.mtimeMs) });
    }
  }

  async #bringNow(paths: readonly string[], signal: AbortSignal, spread: boolean): Promise<void> {
    const due: { readonly path: string; readonly put: PutFile }[] = [];
    for (const path of paths) {
      // oxlint-disable-next-line no-await-in-loop -- one content at a time fills the line
      const put = await this.#putChanged(path, signal);
      if (put !== undefined) {
        due.push({ path, put });
      }
    }
    if (due.length === 0 && !spread) {
      return;
    }
    const files = due.map(({ path, put }) => ({ path: this.#parts.paths.placeOf(path), ...put }));
    let { problem, missing = [] } = await this.#parts.place({ files, spread }, signal);
    if (missing.length > 0) {
      // The machine that had them has gone since they were put.
      const lost = due.filter(({ put }) => missing.includes(put.sha256));
      await Promise.all(lost.map(({ path, put }) => this.#parts.gateway.put(path, put.sha256, signal)));
      ({ problem, missing = [] } = await this.#parts.place({ files, spread }, signal));
    }
    if (problem !== null) {
      const path = due.map((file) => file.path).join(", ");
      const message = `"${path}" could not be laid out on the cluster: ${problem}`;
      throw new AgentError("remote.file", { path, reason: problem }, message);
    }
    due.forEach(({ path, put }) => this.#placed.set(path, put));
  }

  /** @returns `undefined` where the kernel has it as it is, or where there is none. */
  async #putChanged(path: string, signal: AbortSignal): Promise<PutFile | undefined> {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || !found.isFile()) {
      return undefined;
    }
    const { size: sizeBytes } = found;
    const modifiedMs = Math.round(found.mtimeMs);
    const known = this.#placed.get(path);
    if (known?.sizeBytes === sizeBytes && known.modifiedMs === modifiedMs) {
      return undefined;
    }
    const sha256 = await this.#parts.gateway.bring(path, signal);
    return { sizeBytes, modifiedMs, sha256 };
  }
}
