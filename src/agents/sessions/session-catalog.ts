import type { AgentFinder, DirectoryEntry } from "../directory/agent-directory.ts";
import { agentName } from "../directory/original-names.ts";
import type { TermStore } from "../ports/term-store.ts";
import type { SqlSettings } from "../sql/sql-dialect.ts";
import { type CatalogAgentParts, catalogAgents } from "../team/catalog-agents.ts";

/** What a session with all of the catalog's agents is given beside what every session needs. */
export interface CatalogOptions {
  /** What the person's terms mean, for the workspace. */
  readonly terms: TermStore;
  readonly sql: () => SqlSettings;
}

/** The catalog's agents beside the data analysis group, made when the first is asked for. */
export class SessionCatalog {
  /** What the person's terms mean; there are none where left out. */
  readonly terms: TermStore | undefined;
  readonly #make: () => AgentFinder;
  #finder: AgentFinder | undefined;

  /** @param options Left out for a session that has none of them. */
  constructor(options: CatalogOptions | undefined, parts: Omit<CatalogAgentParts, keyof CatalogOptions>) {
    this.terms = options?.terms;
    this.#make = () =>
      options === undefined
        ? { entries: [], onChange: () => () => undefined }
        : catalogAgents({ ...parts, terms: options.terms, sql: options.sql });
  }

  get entries(): readonly DirectoryEntry[] {
    this.#finder ??= this.#make();
    return this.#finder.entries;
  }

  /** Who bears a name, also one by which the original knew the agent. */
  find(name: string): DirectoryEntry | undefined {
    const wanted = agentName(name);
    return this.entries.find(({ definition }) => definition.name === wanted);
  }
}
