import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { AgentError, messageOf } from "../base/errors.ts";
import type { McpDefinition, McpInput } from "./mcp-definition.ts";

/** A server with nothing left to fill in. */
export type McpTarget =
  | {
      readonly kind: "stdio";
      readonly command: string;
      readonly args: readonly string[];
      /** All that it sees. */
      readonly env: Readonly<Record<string, string>>;
      readonly cwd: string;
    }
  | { readonly kind: "http" | "sse"; readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** Where the values of variables come from. */
export interface VariableSources {
  /** What `${env:NAME}` is looked up in. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What every program is given: no keys. */
  readonly baseEnvironment: Readonly<Record<string, string>>;
  /** Asks the person; `null` where they give none. Not there where nobody can be asked. */
  readonly askInput?: (server: string, input: McpInput) => Promise<string | null>;
}

type Expand = (text: string) => Promise<string>;

/** Fills in the variables of a server. @throws AgentError `mcp.variable`, `mcp.unreachable`. */
export async function expandVariables(definition: McpDefinition, sources: VariableSources): Promise<McpTarget> {
  const { how, folder } = definition;
  const expand = expander(definition, sources);
  if (how.kind !== "stdio") {
    return { kind: how.kind, url: await expand(how.url), headers: await expandAll(how.headers, expand) };
  }

  const cwd = how.cwd === null ? folder : resolve(folder, await expand(how.cwd));
  const fromFile = how.envFile === null ? {} : await readEnvironment(definition, cwd, await expand(how.envFile));
  const args: string[] = [];
  for (const arg of how.args) {
    // A person answers one question at a time.
    // oxlint-disable-next-line no-await-in-loop
    args.push(await expand(arg));
  }

  const env = { ...sources.baseEnvironment, ...fromFile, ...(await expandAll(how.env, expand)) };
  return { kind: "stdio", command: await expand(how.command), args, env, cwd };
}

/**
 * The file with more of the environment, absolute; `null` where there is none, or where the person would have to be asked
 * which it is.
 */
export async function environmentFile(
  definition: McpDefinition,
  environment: VariableSources["environment"],
): Promise<string | null> {
  const { how, folder } = definition;
  if (how.kind !== "stdio" || how.envFile === null) {
    return null;
  }

  const expand = expander(definition, { environment, baseEnvironment: {} });
  try {
    const cwd = how.cwd === null ? folder : resolve(folder, await expand(how.cwd));
    return resolve(cwd, await expand(how.envFile));
  } catch {
    return null;
  }
}

async function expandAll(
  values: Readonly<Record<string, string>>,
  expand: Expand,
): Promise<Readonly<Record<string, string>>> {
  const expanded: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    // oxlint-disable-next-line no-await-in-loop -- a person answers one question at a time
    expanded[name] = await expand(value);
  }

  return expanded;
}

function expander(definition: McpDefinition, sources: VariableSources): Expand {
  return async (text) => {
    let expanded = "";
    let from = 0;
    for (const match of text.matchAll(/\$\{([^}]*)\}/gu)) {
      // oxlint-disable-next-line no-await-in-loop -- a person answers one question at a time
      expanded += text.slice(from, match.index) + (await valueOf(match[1] ?? "", definition, sources));
      from = match.index + match[0].length;
    }

    return expanded + text.slice(from);
  };
}

async function valueOf(variable: string, definition: McpDefinition, sources: VariableSources): Promise<string> {
  const [kind = "", name = ""] = variable.split(/:(.*)/su);
  const value =
    kind === "env"
      ? (sources.environment[name] ?? null)
      : kind === "input"
        ? await inputOf(name, definition, sources)
        : kind === "workspaceFolder" || kind === "cwd"
          ? definition.folder
          : kind === "userHome"
            ? homedir()
            : null;
  if (value !== null) {
    return value;
  }

  const why =
    kind === "env"
      ? "the environment has no such variable"
      : kind === "input"
        ? sources.askInput === undefined
          ? "nobody can be asked for it here; use ${env:NAME} instead"
          : "it was not given"
        : "there is no such variable; env, input, workspaceFolder and userHome are known";
  const { name: server } = definition;
  const message = `The MCP server ${server} needs \${${variable}}: ${why}.`;
  throw new AgentError("mcp.variable", { server, variable }, message);
}

async function inputOf(id: string, { name, inputs }: McpDefinition, { askInput }: VariableSources) {
  const input = inputs.find((each) => each.id === id) ?? { id, description: id, isPassword: true, options: [] };
  return (await askInput?.(name, input)) ?? null;
}

async function readEnvironment(
  { name: server }: McpDefinition,
  cwd: string,
  file: string,
): Promise<Readonly<Record<string, string>>> {
  try {
    const values = parseEnv(await readFile(resolve(cwd, file), "utf8"));
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? ""]));
  } catch (error) {
    const reason = messageOf(error);
    const message = `The environment of the MCP server ${server} cannot be read: ${reason}`;
    throw new AgentError("mcp.unreachable", { server, reason }, message, error);
  }
}
