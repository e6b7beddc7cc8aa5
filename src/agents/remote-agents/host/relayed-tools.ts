import type { Tool } from "../../ports/tool.ts";
import type { RelayedTool } from "../../protocol/remote-agents.ts";
import type { WindowCalls } from "./window-calls.ts";

/** Tools that run in the window, as agents of a host have them. */
export function relayedTools(tools: readonly RelayedTool[], calls: WindowCalls, run: string): readonly Tool[] {
  return tools.map((tool) => ({
    ...tool,
    run: async (input, { agent, signal }) => {
      // What a tool is called with was read from JSON.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
      const given = (input ?? null) as RelayedInput;
      const asked = { type: "call-tool", run, agent, tool: tool.name, input: given } as const;
      const { text, failed } = await calls.ask(asked, "tool-done", signal);
      return { text, failed };
    },
  }));
}

type RelayedInput = string | number | boolean | null;
