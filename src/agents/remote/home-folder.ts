import { randomUUID } from "node:crypto";
import { lstat, mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { messageOf } from "../base/errors.ts";
import type { FilesOutput, LeftOnCluster } from "../protocol/cell-output.ts";
import type { FolderChanges } from "../protocol/remote-kernel.ts";
import type { SandboxMode } from "../protocol/sandbox.ts";
import { isInside } from "../python/sandbox/sandbox-plan.ts";
import { protectedInWorkspace } from "../python/sandbox/secret-places.ts";
import type { Gateway } from "./gateway.ts";
import { isPathBelow, isPlainWay } from "./home-path.ts";
import { outsideFolder } from "./kernel-paths.ts";
import { pause } from "./pause.ts";
import type { PermitStore } from "./permit-store.ts";
import { type WritePermit, isSame, stateOf } from "./write-permit.ts";

/** A content is asked for so often while the link stands, with a second between. */
const mostTries = 5;
const retryAfterMs = 1000;

export type LeftFile = FilesOutput["left"][number];
type WrittenFile = FolderChanges["files"][number];

export interface HomeFolderParts {
  readonly gateway: Pick<Gateway, "fetch">;
  /** Absolute, on this machine. */
  readonly workingDirectory: string;
  /** What holds code of this machine. */
  readonly sandbox: SandboxMode;
  readonly permits: PermitStore;
  /** `down`: it will never be up again. */
  readonly link: () => "up" | "reconnecting" | "down";
  /** The cluster's file is to stand for one of this machine, which is as it was. @param path Absolute, of the latter. */
  readonly keepTheirs: (path: string) => Promise<void>;
}

/** The working folder of this machine, into which files of a cluster come: no further than the yes of their cell went. */
export class HomeFolder {
  readonly #parts: HomeFolderParts;

  constructor(parts: HomeFolderParts) {
    this.#parts = parts;
  }

  /** Whether code on this machine would be kept from writing anywhere in the folder. */
  get isClosed(): boolean {
    const { sandbox, workingDirectory } = this.#parts;
    return sandbox === "strict" || (sandbox === "workspace" && isInside(homedir(), workingDirectory));
  }

  /**
   * Brings a file into the folder, whole or not at all.
   *
   * @param permit Of the cell that wrote it; `undefined` where this machine knows of none.
   * @returns Why it is not there; `undefined` where it is.
   */
  async take(file: WrittenFile, permit: WritePermit | undefined, signal: AbortSignal): Promise<LeftFile | undefined> {
    const { path, sizeBytes } = file;
    const why = await this.#refusal(path, permit);
    if (why !== undefined) {
      // What a person changes goes there again, as ever; what code has written beside it goes on to be what code reads.
      if (why === "exists") {
        await this.#parts.keepTheirs(join(this.#parts.workingDirectory, path));
      }
      return { path, sizeBytes, why };
    }
    const target = join(this.#parts.workingDirectory, path);
    const partial = join(dirname(target), `.byzer-${randomUUID()}`);
    try {
      await mkdir(dirname(target), { recursive: true });
      await this.#fetch(file.sha256, partial, signal);
      // Bringing takes its time, in which a person may have written there.
      const since = await this.#refusal(path, permit);
      if (since !== undefined) {
        return { path, sizeBytes, why: since };
      }
      await rename(partial, target);
      const state = await stateOf(target);
      if (state !== undefined) {
        this.#parts.permits.noteBrought(path, state);
      }
      return undefined;
    } catch (error) {
      return signal.aborted
        ? { path, sizeBytes, why: "stopped" }
        : { path, sizeBytes, why: "failed", reason: messageOf(error) };
    } finally {
      await rm(partial, { force: true });
    }
  }

  /** Those of some paths that are in the folder. */
  async thoseHere(paths: readonly string[]): Promise<readonly string[]> {
    const found = await Promise.all(
      paths.map(async (path) => isPathBelow(path) && (await stateOf(join(this.#parts.workingDirectory, path)))),
    );
    return paths.filter((_, index) => found[index] !== undefined && found[index] !== false);
  }

  /** @returns Why a file may not be written here; `undefined` where it may. */
  async #refusal(path: string, permit: WritePermit | undefined): Promise<LeftOnCluster | undefined> {
    const { workingDirectory } = this.#parts;
    if (!isPathBelow(path)) {
      return "name";
    }
    if (path.startsWith(`${outsideFolder}/`)) {
      return "outside";
    }
    if (permit === undefined) {
      return "unknown";
    }
    if (!permit.mayWrite) {
      return "unasked";
    }
    if (this.#isHeld(path)) {
      return "sandbox";
    }
    const isNamed = Object.hasOwn(permit.named, path);
    if (!isNamed && path.split("/").some((name) => name.startsWith("."))) {
      return "hidden";
    }
    if (!(await isPlainWay(workingDirectory, path))) {
      return "name";
    }
    return this.#overwriting(path, isNamed ? permit.named[path] : undefined);
  }

  /** @param before How the file was when the cell began, `null` for none; `undefined` where its code does not name it. */
  async #overwriting(
    path: string,
    before: WritePermit["named"][string] | undefined,
  ): Promise<LeftOnCluster | undefined> {
    const target = join(this.#parts.workingDirectory, path);
    const now = await stateOf(target);
    if (now === undefined) {
      const isSomething = await lstat(target).then(
        () => true,
        () => false,
      );
      return isSomething ? "exists" : undefined;
    }
    if (this.#parts.permits.isOurs(path, now)) {
      return undefined;
    }
    return before === undefined ? "exists" : isSame(before, now) ? undefined : "changed";
  }

  /** Whether code on this machine would be kept from writing there. */
  #isHeld(path: string): boolean {
    const [first = ""] = path.toLowerCase().split("/");
    return this.isClosed || (this.#parts.sandbox === "workspace" && protectedInWorkspace.includes(first));
  }

  /** Waits for the link where it is cut. */
  async #fetch(sha256: string, path: string, signal: AbortSignal): Promise<void> {
    for (let tries = 0; ;) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one try after the other
        await this.#parts.gateway.fetch(sha256, path, signal);
        return;
      } catch (error) {
        const link = this.#parts.link();
        tries += link === "up" ? 1 : 0;
        if (signal.aborted || link === "down" || tries >= mostTries) {
          throw error;
        }
      }
      // oxlint-disable-next-line no-await-in-loop -- as above
      await pause(retryAfterMs, signal);
    }
  }
}
