import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { answeringAgents } from "../analysis/agent-names.ts";
import { catalogEntry, catalogFinder } from "../directory/catalog-finder.ts";
import type { DirectoryEntry } from "../directory/agent-directory.ts";
import type { AgentFileProblem } from "../protocol/agent-file-problem.ts";
import { type CommandAgents, openCommandAgents } from "./command-agents.ts";
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
        ? jsonLine({ agents: entries.map((entry) => described(entry, problemsOf(entry, agents))) })
        : entries.map((entry) => `${line(entry, folder, problemsOf(entry, agents))}\n`).join(""),
    );
  } finally {
    await agents.close();
  }
}

function problemsOf({ origin }: DirectoryEntry, { problems }: CommandAgents): readonly AgentFileProblem[] {
  const found = "path" in origin ? (problems.get(origin.path) ?? []) : [];
  return found.filter(({ severity }) => severity !== "hint");
}

function described(
  { definition, origin, state, problem }: DirectoryEntry,
  problems: readonly AgentFileProblem[],
): object {
  return { ...definition, origin, state, problem, problems };
}

function line(
  { definition, origin, state, problem }: DirectoryEntry,
  folder: string,
  problems: readonly AgentFileProblem[],
): string {
  const { name, description, group, location } = definition;
  const where = "path" in origin ? relative(folder, origin.path) : "built in";
  const facts = [
    ...(group === null ? [] : [`group of ${group.members.join(", ")}`]),
    ...(location === "ray" ? ["lives on a cluster"] : []),
    ...(state === "ready" ? [] : [state]),
    where,
  ];
  const head = `${name} (${facts.join("; ")})${description === "" ? "" : `: ${description}`}`;
  const wrong = problems.map((one) => `  ${one.severity}, line ${one.line}: ${one.message}`);
  const others = problem === null || problems.length > 0 ? [] : [`  ${problem.message}`];
  return [head, ...others, ...wrong].join("\n");
}
