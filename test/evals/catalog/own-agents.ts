import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CodeAgents } from "../../../src/agents/agent-process/code-agents.ts";
import { codeFilePattern } from "../../../src/agents/agent-process/code-file.ts";
import { processLimits } from "../../../src/agents/agent-process/process-limits.ts";
import { catalog } from "../../../src/agents/catalog/index.ts";
import { builtInTools } from "../../../src/agents/declared/built-in-tools.ts";
import { FileAgents } from "../../../src/agents/declared/file-agents.ts";
import { AgentDirectory } from "../../../src/agents/directory/agent-directory.ts";
import { ToolRack } from "../../../src/agents/directory/tool-rack.ts";
import { decodeText } from "../../../src/agents/encoding/decode-text.ts";
import { connectMcp } from "../../../src/agents/mcp/mcp-client.ts";
import { readMcpServers } from "../../../src/agents/mcp/mcp-definition.ts";
import { McpServers } from "../../../src/agents/mcp/mcp-servers.ts";
import { cleanEnvironment } from "../../../src/agents/python/clean-environment.ts";
import { createFileText } from "../../../src/agents/retrieval/file-text.ts";
import { extractDocument } from "../../../src/agents/retrieval/parse/extract-document.ts";
import type { OwnAgents } from "../../../src/agents/sessions/session-agents.ts";

/** Agents of a person's own, with what has to be closed after them. */
export interface OpenOwnAgents {
  readonly own: OwnAgents;
  close(): Promise<void>;
}

/**
 * Writes agents into a workspace and reads them as the product does. There is an MCP server of notes; what its tools do is
 * allowed.
 *
 * @param programs URL of the folder of the built programs.
 * @throws Error where a file has a problem.
 */
export async function openOwnAgents(
  folder: string,
  files: Readonly<Record<string, string>>,
  programs: URL,
): Promise<OpenOwnAgents> {
  const paths = writeAgents(join(folder, ".byzer", "agents"), files);
  const [directory, shelf] = [new AgentDirectory(), new ToolRack()];
  const servers = notesServer(folder);
  const code = new CodeAgents({
    node: process.execPath,
    program: fileURLToPath(new URL("agent-process.mjs", programs)),
    environment: () => cleanEnvironment(process.env),
    workingDirectory: () => folder,
    limits: processLimits,
    trust: { isTrusted: () => true, ask: () => Promise.resolve(false) },
    onLog: () => undefined,
  });
  const shipped = catalog.map(({ name, purpose }) => ({ name, description: purpose }));
  const declared = new FileAgents({
    decode: decodeText,
    others: () => ({
      agents: [...shipped, ...code.entries.map(({ definition }) => definition)],
      tools: [...builtInTools("en"), ...servers.names],
    }),
  });
  directory.add(declared);
  directory.add(code);
  shelf.add(code);
  shelf.add(servers);
  await code.refresh(paths.filter((path) => codeFilePattern.test(path)));
  await declared.refresh(paths.filter((path) => !codeFilePattern.test(path)));
  const problems = [...declared.problems.values()].flat();
  if (problems.length > 0) {
    throw new Error(JSON.stringify(problems));
  }

  return {
    own: {
      directory,
      tools: () => shelf,
      fileText: createFileText(() => Promise.resolve(extractDocument)),
      approvals: { granted: () => true, ask: () => Promise.resolve("deny") },
    },
    close: async () => {
      await Promise.all([code.dispose(), servers.close()]);
    },
  };
}

function writeAgents(folder: string, files: Readonly<Record<string, string>>): readonly string[] {
  mkdirSync(folder, { recursive: true });
  return Object.entries(files).map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  });
}

function notesServer(folder: string): McpServers {
  const environment = process.env;
  const servers = new McpServers({
    load: () => Promise.resolve(connectMcp),
    allow: () => Promise.resolve(true),
    environment,
    baseEnvironment: cleanEnvironment(environment),
  });
  const args = [join(import.meta.dirname, "../../fixtures/mcp/kept-notes-server.mjs")];
  const { servers: definitions } = readMcpServers(
    { notes: { command: process.execPath, args } },
    { name: "eval", folder, needsYes: false },
  );
  servers.set(definitions);
  return servers;
}
