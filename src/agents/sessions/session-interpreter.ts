import { mkdirSync } from "node:fs";
import { totalmem } from "node:os";
import { dirname, join } from "node:path";
import type { InterpreterOptions, KernelName } from "../ports/interpreter.ts";
import type { SandboxMode } from "../protocol/sandbox.ts";
import type { Session } from "../protocol/session-state.ts";
import type { SessionLog } from "./session-log.ts";

/** Reasons why code is not held that this process has told a person. */
const toldUnheld = new Set<string>();

export interface SessionInterpreterParts {
  readonly log: Pick<SessionLog, "id" | "folder">;
  readonly session: () => Session;
  /** Where code runs; the folder of the first file where left out. */
  readonly workingDirectory: string | undefined;
  readonly limits: () => { readonly memoryLimitBytes: number; readonly sandbox?: SandboxMode };
  /** Keeps which Python on a cluster the session has. */
  readonly onKernel: (kernel: KernelName) => void;
  /** Says something beside the question that is being answered. @returns Whether one is. */
  readonly warn: (code: string, text: string, values: { readonly [name: string]: string }) => boolean;
}

/** How the Python of a session is started, and what a person is told when it cannot be as it should. */
export class SessionInterpreter {
  readonly #parts: SessionInterpreterParts;
  #toldWaiting = "";

  constructor(parts: SessionInterpreterParts) {
    this.#parts = parts;
  }

  get outputDirectory(): string {
    return join(this.#parts.log.folder, "output");
  }

  get workingDirectory(): string {
    const { log, workingDirectory, session } = this.#parts;
    const [first] = session().files;
    return workingDirectory ?? (first === undefined ? log.folder : dirname(first.path));
  }

  /** Read anew for each start; makes the folder of outputs. */
  options(): InterpreterOptions {
    const { log, session, limits, onKernel } = this.#parts;
    const { kernel, place } = session();
    const { memoryLimitBytes, sandbox = "off" } = limits();
    mkdirSync(this.outputDirectory, { recursive: true });
    return {
      title: session().files[0]?.name ?? "Byzer Agent",
      sessionId: log.id,
      workingDirectory: this.workingDirectory,
      outputDirectory: this.outputDirectory,
      memoryLimitBytes: memoryLimitBytes || Math.floor(totalmem() * 0.75),
      sandbox,
      onUnheld: (reason) => this.#sayUnheld(reason),
      onFallback: (reason) => this.#sayFallback(reason),
      files: () => session().files.flatMap(({ path, problem }) => (problem === null ? [path] : [])),
      ...(place === undefined ? {} : { place }),
      ...(kernel === undefined ? {} : { kernel }),
      onKernel,
      onWaiting: (reason) => this.#sayWaiting(reason),
    };
  }

  #sayFallback(reason: string): void {
    const text = `The terminal could not be used (${reason}). The code of this session runs in a process without a window.`;
    this.#parts.warn("no-terminal", text, { reason });
  }

  #sayWaiting(reason: string): void {
    const text = `The session's Python on the cluster is waited for. ${reason}`;
    if (this.#toldWaiting !== reason && this.#parts.warn("cluster-waiting", text, { reason })) {
      this.#toldWaiting = reason;
    }
  }

  /** Once for each reason: it is a fact of the machine, not of the question. */
  #sayUnheld(reason: string): void {
    const text = `Code runs without a sandbox here, so read it before you let it run. ${reason}`;
    if (!toldUnheld.has(reason) && this.#parts.warn("no-sandbox", text, { reason })) {
      toldUnheld.add(reason);
    }
  }
}

/** The highest number of a cell of the session; 0 where it has none. */
export function lastCellNumber(session: Session): number {
  return session.turns
    .flatMap(({ blocks }) => blocks)
    .reduce((highest, block) => (block.kind === "cell" ? Math.max(highest, block.number) : highest), 0);
}
