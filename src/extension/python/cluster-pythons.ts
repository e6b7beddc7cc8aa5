import { type Disposable, EventEmitter, type LogOutputChannel } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import type { Interpreter, InterpreterOptions } from "../../agents/ports/interpreter.ts";
import type { ClusterPlace, KernelState } from "../../agents/protocol/run-place.ts";
import type { ClusterDesk } from "../ray/cluster-desk.ts";
import type { KernelTerminals } from "./kernel-terminals.ts";
import { adviseCluster, describePackages } from "./describe-python.ts";
import { watchInterpreter } from "./watch-interpreter.ts";

export interface ClusterPythonsParts {
  readonly cluster: Pick<ClusterDesk, "connected" | "functions" | "state">;
  readonly terminals: Pick<KernelTerminals, "open" | "drop">;
  /** Seconds without a window after which a Python there ends by itself; 0 for never. */
  readonly idleS: () => number;
  /** Packages that are installed for each, as pip reads them. */
  readonly packages: () => readonly string[];
  /** Says what went wrong, to the person. */
  readonly sentenceOf: (error: unknown) => string;
  readonly log: Pick<LogOutputChannel, "warn">;
}

const notStarted: KernelState = { phase: "none", detail: "" };
/** What a cut link leaves as it is, unseen. */
const linkedPhases: ReadonlySet<KernelState["phase"]> = new Set(["starting", "waiting", "running"]);

/** One start of a session's Python, with what has become of it. */
interface Start {
  state: KernelState;
}

/** Starts and finds the Pythons of sessions that run on a cluster, and knows how each of them is. */
export class ClusterPythons implements Disposable {
  readonly #parts: ClusterPythonsParts;
  /** The last of each session. */
  readonly #starts = new Map<string, Start>();
  readonly #changes = new EventEmitter<string>();

  /** Fires with the id of a session whose Python has changed its state; the state of the link is told by the desk. */
  readonly onChange = this.#changes.event;

  constructor(parts: ClusterPythonsParts) {
    this.#parts = parts;
  }

  /** How the Python of a session is. Of one that a window has left with its cluster nothing is known. */
  stateOf(sessionId: string): KernelState {
    const state = this.#starts.get(sessionId)?.state ?? notStarted;
    const { state: link } = this.#parts.cluster;
    if (link.status === "reconnecting" && linkedPhases.has(state.phase)) {
      return { ...state, phase: "reconnecting", detail: link.reason };
    }
    const isLeft = link.status !== "up" && (state.phase === "running" || state.phase === "ended");
    return isLeft && link.status !== "reconnecting" ? notStarted : state;
  }

  /** Starts one, or finds the one that the options name. @throws AgentError `remote.*` */
  async start(
    sessionId: string,
    { options, place }: { readonly options: InterpreterOptions; readonly place: ClusterPlace },
    signal: AbortSignal,
  ): Promise<Interpreter> {
    const start: Start = { state: { phase: "starting", detail: "" } };
    this.#starts.set(sessionId, start);
    this.#changes.fire(sessionId);
    const say = (state: KernelState): void => this.#say(sessionId, start, state);
    try {
      const interpreter = await this.#started(options, place, { say, signal });
      const { node, version, packages } = interpreter.info;
      const names = Object.keys(packages);
      const python = describePackages(version, names);
      say({ phase: "running", detail: adviseCluster(names), python, ...(node === undefined ? {} : { node }) });
      return watchInterpreter(interpreter, (how, reason) => {
        say(how === "closed" ? notStarted : { phase: "ended", detail: reason });
        if (how === "closed" && this.#starts.get(sessionId) === start) {
          this.#parts.terminals.drop(sessionId);
        }
      });
    } catch (error) {
      say(signal.aborted ? notStarted : this.#failedState(error, options.onlyKnown === true));
      throw error;
    }
  }

  /** Forgets a session that does not run on a cluster any more. */
  forget(sessionId: string): void {
    this.#parts.terminals.drop(sessionId);
    if (this.#starts.delete(sessionId)) {
      this.#changes.fire(sessionId);
    }
  }

  dispose(): void {
    this.#changes.dispose();
  }

  async #started(
    options: InterpreterOptions,
    { cpus, gpus, memoryBytes, custom }: ClusterPlace,
    { say, signal }: { readonly say: (state: KernelState) => void; readonly signal: AbortSignal },
  ): Promise<Interpreter> {
    const { cluster, terminals, log } = this.#parts;
    const { createRemoteInterpreterProvider } = await cluster.functions();
    const provider = createRemoteInterpreterProvider({
      cluster: (wanted) => cluster.connected(wanted),
      resources: () => ({ cpus, gpus, memoryBytes, custom, packages: this.#parts.packages() }),
      idleS: this.#parts.idleS(),
      terminal: (given, _node, keys) => terminals.open(given, keys),
      onTrouble: (error) => log.warn("Something of a Python on the cluster went wrong", error),
    });
    const onWaiting = (reason: string): void => {
      say({ phase: "waiting", detail: reason });
      options.onWaiting?.(reason);
    };
    return await provider.start({ ...options, onWaiting }, signal);
  }

  /** A later start of the session has its own say. */
  #say(sessionId: string, start: Start, state: KernelState): void {
    start.state = state;
    if (this.#starts.get(sessionId) === start) {
      this.#changes.fire(sessionId);
    }
  }

  /** One that was only looked for and has gone is a loss of variables, and no failure. */
  #failedState(error: unknown, wasKnown: boolean): KernelState {
    const hasGone = wasKnown && AgentError.is(error, "remote.gone");
    return { phase: hasGone ? "ended" : "failed", detail: this.#parts.sentenceOf(error) };
  }
}
