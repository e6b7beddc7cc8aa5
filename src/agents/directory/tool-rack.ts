import type { AgentError } from "../base/errors.ts";
import type { Tool, ToolShelf } from "../ports/tool.ts";

/** Whoever brings tools: code, extensions, servers. */
export interface ToolSource {
  readonly tools: readonly Tool[];
  /** Fetches what the names stand for, where that is not done yet; see {@link ToolShelf.prepare}. */
  prepare?(names: readonly string[], signal: AbortSignal): Promise<readonly AgentError[]>;
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

  async prepare(names: readonly string[], signal: AbortSignal): Promise<readonly AgentError[]> {
    const failures = await Promise.all(
      this.#sources.map(async (source) => (await source.prepare?.(names, signal)) ?? []),
    );
    return failures.flat();
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

/** `server/*` stands for all tools of a server. The editor's own files leave `mcp:` out. */
function standsFor(name: string, { origin, name: own }: Tool): boolean {
  return name.endsWith("/*") ? isCalled(origin, name.slice(0, -2)) : isCalled(own, name);
}

function isCalled(known: string, asked: string): boolean {
  return known === asked || known === `mcp:${asked}`;
}
