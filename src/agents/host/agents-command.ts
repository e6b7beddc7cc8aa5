import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { answeringAgents } from "../analysis/agent-names.ts";
import { catalogEntry, catalogFinder } from "../directory/catalog-finder.ts";
import type { DirectoryEntry } from "../directory/agent-directory.ts";
import { openCommandAgents } from "./command-agents.ts";
import { mcpFlags } from "./command-mcp.ts";
import type { CommandStreams } from "./command-streams.ts";
import { jsonLine } from "./json-line.ts";

const options = {
  json: { type: "boolean", default: false },
  folder: { type: "string", default: "." },
  ...mcpFlags,
} as const;

/** `byzer agents`: who can be asked, and where they are declared. Runs no code of theirs. */
export async function agentsCommand(args: readonly string[], streams: CommandStreams): Promise<void> {
  const { values } = parseArgs({ args: [...args], options });
  const folder = resolve(values.folder);
  const agents = await openCommandAgents({ folder, mcp: values["mcp-config"] ?? [], code: "none", streams });
  try {
    const entries = [
      ...agents.directory.entries,
      ...answeringAgents.map((card) => catalogEntry(card)),
      ...catalogFinder.entries,
    ];
    streams.out(
      values.json
        ? jsonLine({ agents: entries.map((entry) => described(entry)) })
        : entries.map((entry) => `${line(entry, folder)}\n`).join(""),
    );
  } finally {
    await agents.close();
  }
}

function described({ definition, origin, state, problem }: DirectoryEntry): object {
  return { ...definition, origin, state, problem };
}

function line({ definition, origin, state, problem }: DirectoryEntry, folder: string): string {
  const { name, description, group } = definition;
  const where = "path" in origin ? relative(folder, origin.path) : "built in";
  const facts = [
    ...(group === null ? [] : [`group of ${group.members.join(", ")}`]),
    ...(state === "ready" ? [] : [state]),
    where,
  ];
  const head = `${name} (${facts.join("; ")})${description === "" ? "" : `: ${description}`}`;
  return problem === null ? head : `${head}\n  ${problem.message}`;
}
