import { type Disposable, EventEmitter, type LogOutputChannel } from "vscode";
import { AgentDirectory } from "../../agents/directory/agent-directory.ts";
import type { AgentPaths } from "./agent-folders.ts";
import type { Declared } from "./create-declared.ts";
import type * as bundle from "./declared-bundle.ts";

type Bundle = typeof bundle;

/** Something that may be named in an agent's file. */
interface Nameable {
  readonly name: string;
  readonly description: string;
}

export interface DeclaredParts {
  readonly log: LogOutputChannel;
  /** The models that have been found. */
  readonly models: () => readonly Nameable[];
}

/**
 * Agents that the workspace declares. Nothing is looked at, read or watched before somebody opens the room; what it is
 * made of is a bundle of its own.
 */
export class DeclaredRoom implements Disposable {
  /** Everyone who exists here: files, and whoever else finds agents. */
  readonly directory = new AgentDirectory();
  readonly #paths = new EventEmitter<AgentPaths>();
  readonly #parts: DeclaredParts;
  readonly #tools: (() => readonly Nameable[])[] = [];
  #loading: Promise<Declared> | undefined;
  #disposed = false;

  /** Fires with the files that declare agents, in text or in code, when the room opens and after each change. */
  readonly onPaths = this.#paths.event;

  constructor(parts: DeclaredParts) {
    this.#parts = parts;
  }

  /** Looks for declared agents, and from then on watches for them. Resolves when those in files stand in the directory. */
  open(): Promise<Declared> {
    // What failed is tried again by whoever comes next.
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  get isOpen(): boolean {
    return this.#loading !== undefined;
  }

  /** Functions that need nothing made before. */
  functions(): Promise<Bundle> {
    return import("./declared-bundle.ts");
  }

  /** Says which tools there are besides those of the product; asked anew at each reading. */
  nameTools(tools: () => readonly Nameable[]): Disposable {
    this.#tools.push(tools);
    this.refresh();
    return { dispose: () => this.#tools.splice(this.#tools.indexOf(tools), 1) };
  }

  /** To be called when tools have come or gone: files are judged anew. */
  refresh(): void {
    this.#loading?.then((declared) => declared.files.refresh([])).catch(untold);
  }

  dispose(): void {
    this.#disposed = true;
    this.#paths.dispose();
    this.#loading?.then((declared) => declared.dispose()).catch(untold);
  }

  async #load(): Promise<Declared> {
    const { createDeclared } = await this.functions();
    const declared = await createDeclared({
      ...this.#parts,
      directory: this.directory,
      tools: () => eachOnce(this.#tools.flatMap((tools) => tools())),
      tell: (paths) => this.#paths.fire(paths),
    });
    if (this.#disposed) {
      declared.dispose();
    }
    return declared;
  }
}

/** Whoever opened the room has been told. */
const untold = (): void => undefined;

/** Several may bring one tool. */
function eachOnce(tools: readonly Nameable[]): readonly Nameable[] {
  return [...new Map(tools.map((tool) => [tool.name, tool])).values()];
}
