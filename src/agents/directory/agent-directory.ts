import { isReservedName } from "../catalog/index.ts";
import type { AgentDefinition } from "../protocol/agent-definition.ts";
import type { Problem } from "../protocol/problem.ts";
import type { ReplyFunction } from "../core/reply.ts";

/** Where an agent comes from. */
export type AgentOrigin =
  | { readonly kind: "catalog" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "code"; readonly path: string }
  | { readonly kind: "extension"; readonly extensionId: string };

/** `untrusted`: its code waits for the person's yes. `broken`: `problem` says why. */
export type AgentState = "ready" | "starting" | "stopped" | "untrusted" | "broken";

/** One agent that exists in a workspace, whether it can answer now or not. */
export interface DirectoryEntry {
  readonly definition: AgentDefinition;
  readonly origin: AgentOrigin;
  readonly state: AgentState;
  readonly problem: Problem | null;
  /** Functions of its own, tried before its model is asked; for agents in code and of extensions. */
  readonly replies: readonly ReplyFunction[];
  /** Absolute paths of all files that were loaded for it, where it is code. */
  readonly files?: readonly string[];
  /** Gets it going where it is not: starts its process, or asks for the person's yes. Rejects with what is wrong. */
  readonly start?: (signal: AbortSignal) => Promise<void>;
}

/** Whoever finds agents: files, code, extensions. Each owns its entries and says when they change. */
export interface AgentFinder {
  readonly entries: readonly DirectoryEntry[];
  /** @returns What ends the telling. */
  onChange(listener: () => void): () => void;
}

/** Everyone who exists in a workspace, by name. Of two of the person's own that bear one name the first answers to it. */
export class AgentDirectory {
  readonly #finders: AgentFinder[] = [];
  readonly #listeners = new Set<() => void>();
  #byName: ReadonlyMap<string, DirectoryEntry> | undefined;

  /** @returns What takes the finder out again. */
  add(finder: AgentFinder): () => void {
    this.#finders.push(finder);
    const end = finder.onChange(() => this.#changed());
    this.#changed();
    return () => {
      end();
      this.#finders.splice(this.#finders.indexOf(finder), 1);
      this.#changed();
    };
  }

  /** All, in the order of finders; second bearers of a name included. */
  get entries(): readonly DirectoryEntry[] {
    return this.#finders.flatMap(({ entries }) => entries);
  }

  /** Who answers to `name`: one of the person's own before one of the catalog, but for those that work together. */
  find(name: string): DirectoryEntry | undefined {
    // Whoever comes later in this list takes the name.
    this.#byName ??= new Map(
      this.entries
        .toReversed()
        .toSorted((left, right) => rank(left) - rank(right))
        .map((entry) => [entry.definition.name, entry]),
    );
    return this.#byName.get(name);
  }

  /** @returns What ends the telling. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    this.#byName = undefined;
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

/** Of two that bear one name the one of the higher rank answers to it. */
function rank({ definition, origin }: DirectoryEntry): number {
  return (origin.kind === "catalog") === isReservedName(definition.name) ? 1 : 0;
}
