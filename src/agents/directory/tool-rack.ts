import type { Tool, ToolShelf } from "../ports/tool.ts";

/** Whoever brings tools: code, extensions, servers. */
export interface ToolSource {
  readonly tools: readonly Tool[];
}

/** The tools of several sources. Of two that bear one name the one found first answers to it. */
export class ToolRack implements ToolShelf {
  readonly #sources: ToolSource[] = [];

  /** @returns What takes the source out again. */
  add(source: ToolSource): () => void {
    this.#sources.push(source);
    return () => {
      this.#sources.splice(this.#sources.indexOf(source), 1);
    };
  }

  get all(): readonly Tool[] {
    const byName = new Map<string, Tool>();
    for (const tool of this.#sources.flatMap(({ tools }) => tools)) {
      if (!byName.has(tool.name)) {
        byName.set(tool.name, tool);
      }
    }

    return [...byName.values()];
  }

  find(names: readonly string[]): { readonly tools: readonly Tool[]; readonly unknown: readonly string[] } {
    const { all } = this;
    const found = names.map((name) => ({ name, tools: all.filter((tool) => standsFor(name, tool)) }));
    return {
      tools: [...new Set(found.flatMap(({ tools }) => tools))],
      unknown: found.filter(({ tools }) => tools.length === 0).map(({ name }) => name),
    };
  }
}

/** `server/*` stands for all tools of a server. */
function standsFor(name: string, tool: Tool): boolean {
  return name.endsWith("/*") ? tool.origin === name.slice(0, -2) : tool.name === name;
}
