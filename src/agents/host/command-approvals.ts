import { AgentError } from "../base/errors.ts";
import type { ApprovalAnswer, Approvals } from "../ports/approvals.ts";
import type { CommandStreams } from "./command-streams.ts";

/** Approvals on a command line: all by `--yes`, else the person at the terminal. */
export function commandApprovals(yes: boolean, streams: CommandStreams): Approvals {
  let all = yes;
  return {
    granted: () => false,
    async ask({ effects, risky }, signal): Promise<ApprovalAnswer> {
      if (yes || (all && !risky)) {
        return { decision: yes ? "session" : "once", how: "command-line", code: null };
      }

      const found = effects.map(({ kind, detail, line }) => `  line ${line}: ${kind}: ${detail}`);
      if (streams.ask === undefined) {
        throw new AgentError(
          "approval.needed",
          { effects: found },
          "Code wants to run, and nobody is there to allow it. Run the command in a terminal, or add --yes.",
        );
      }

      const list = found.length === 0 ? "" : `\n${found.join("\n")}\n`;
      const reply = await streams.ask(`${list}Run this code? [y]es, [a]ll that only computes, [n]o: `, signal);
      const decision = /^a/i.test(reply) ? "session" : /^(?:y|j|是|好)/i.test(reply) ? "once" : "deny";
      all ||= decision === "session";
      return { decision, how: "person", code: null };
    },
  };
}
