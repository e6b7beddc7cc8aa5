import { AgentError } from "../base/errors.ts";
import type { HumanInput } from "../ports/human-input.ts";
import type { ToolApprovals } from "../ports/tool.ts";
import type { CommandStreams } from "./command-streams.ts";

/** Approvals of tools on a command line: all by `--yes`, else the person at the terminal. */
export function commandToolApprovals(yes: boolean, streams: CommandStreams): ToolApprovals {
  const allowed = new Set<string>();
  return {
    granted: ({ origin, tool }) => yes || allowed.has(`${origin}/${tool}`),
    async ask({ agent, origin, tool, input }, signal) {
      if (streams.ask === undefined) {
        const message = `${agent} wants to use ${tool}, and nobody is there to allow it. Run the command in a terminal, or add --yes.`;
        throw new AgentError("approval.needed", { effects: [`${tool} of ${origin}: ${input}`] }, message);
      }

      const question = `\n${agent} wants to use ${tool} of ${origin}:\n  ${input}\nAllow it? [y]es, [a]lways in this run, [n]o: `;
      const reply = await streams.ask(question, signal);
      const decision = /^a/iu.test(reply) ? "session" : /^(?:y|j|是|好)/iu.test(reply) ? "once" : "deny";
      if (decision === "session") {
        allowed.add(`${origin}/${tool}`);
      }

      return decision;
    },
  };
}

/** Asks the person at the terminal for agents that want their words; `undefined` where there is none. */
export function commandHumanInput({ ask }: CommandStreams): HumanInput | undefined {
  return ask === undefined
    ? undefined
    : {
        ask: async (prompt, signal) => {
          const words = await ask(`\n${prompt}\n(an empty line goes on, "exit" ends) > `, signal);
          return words.trim().toLowerCase() === "exit" ? null : words;
        },
      };
}
