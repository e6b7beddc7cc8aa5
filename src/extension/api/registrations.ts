import type { Registered, Registrations } from "../../agents/byzer-agent/extension-agents.ts";
import type { ApiDisposable } from "./api-types.ts";

/** What other extensions have registered, kept until somebody wants to know. */
export class ApiRegistrations implements Registrations {
  readonly #agents = new Set<Registered>();
  readonly #tools = new Set<Registered>();
  readonly #listeners = new Set<() => void>();

  get agents(): readonly Registered[] {
    return [...this.#agents];
  }

  get tools(): readonly Registered[] {
    return [...this.#tools];
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  addAgent(agent: Registered): ApiDisposable {
    return this.#add(this.#agents, agent);
  }

  addTool(tool: Registered): ApiDisposable {
    return this.#add(this.#tools, tool);
  }

  #add(to: Set<Registered>, registered: Registered): ApiDisposable {
    to.add(registered);
    this.#tell();
    return {
      dispose: () => {
        if (to.delete(registered)) {
          this.#tell();
        }
      },
    };
  }

  #tell(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }
}
