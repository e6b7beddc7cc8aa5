import type { Tool, ToolShelf } from "../ports/tool.ts";

/** Tools of a session: those that every session has, and those that were brought from elsewhere. */
export function sessionShelf(own: readonly Tool[], others: ToolShelf | undefined): ToolShelf {
  return {
    get all() {
      return [...own, ...(others?.all ?? [])];
    },
    prepare: async (names, signal) => (await others?.prepare?.(names, signal)) ?? [],
    find: (names) => {
      const found = own.filter(({ name }) => names.includes(name));
      const rest = names.filter((name) => !found.some((tool) => tool.name === name));
      const further = others?.find(rest) ?? { tools: [], unknown: rest };
      return { tools: [...found, ...further.tools], unknown: further.unknown };
    },
  };
}
