import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import { CodeAgents } from "../../src/agents/agent-process/code-agents.ts";
import type { CodeTrust } from "../../src/agents/agent-process/living-agent.ts";
import type { AgentLogLine } from "../../src/agents/agent-process/log-tap.ts";
import { type ProcessLimits, processLimits } from "../../src/agents/agent-process/process-limits.ts";
import { ConversableAgent } from "../../src/agents/core/agent.ts";
import { PostOffice } from "../../src/agents/core/post-office.ts";
import { answer } from "../../src/agents/core/reply.ts";
import type { DirectoryEntry } from "../../src/agents/directory/agent-directory.ts";
import { cleanEnvironment } from "../../src/agents/python/clean-environment.ts";
import type { ReplyHelp } from "../../src/agents/ports/reply-help.ts";
import type { Message } from "../../src/agents/protocol/message.ts";

/** A folder of agents in code, run as the product runs them. */
export interface CodeAgentsFixture {
  readonly folder: string;
  readonly agents: CodeAgents;
  readonly log: readonly AgentLogLine[];
  /** Writes a file. @returns Its path. */
  readonly write: (name: string, text: string) => string;
  /** Writes a file, loads it, and gives its entry. */
  readonly load: (name: string, text: string) => Promise<DirectoryEntry>;
  readonly entry: (path: string) => DirectoryEntry;
  /** Sends a message to an entry, in an office where `echo` repeats what it hears. @returns The answer. */
  readonly ask: (entry: DirectoryEntry, content: string, options?: AskOptions) => Promise<Message | undefined>;
}

export interface AskOptions {
  readonly help?: Partial<ReplyHelp>;
  readonly signal?: AbortSignal;
}

export interface FixtureOptions {
  readonly limits?: Partial<ProcessLimits>;
  readonly trust?: CodeTrust;
  readonly environment?: { readonly [name: string]: string };
}

/** Everything ends with the test. */
export function codeAgents({ limits, trust, environment }: FixtureOptions = {}): CodeAgentsFixture {
  const folder = mkdtempSync(join(tmpdir(), "byzer-code-agents-"));
  const log: AgentLogLine[] = [];
  const agents = new CodeAgents({
    node: process.execPath,
    program: resolve("dist", "agent-process.mjs"),
    environment: () => cleanEnvironment(environment ?? process.env),
    workingDirectory: () => folder,
    limits: { ...processLimits, ...limits },
    trust: trust ?? { isTrusted: () => true, ask: () => Promise.reject(new Error("Nobody is asked.")) },
    onLog: (_path, line) => log.push(line),
  });
  onTestFinished(async () => {
    await agents.dispose();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  const paths = new Set<string>();
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  const entry = (path: string): DirectoryEntry => {
    const found = agents.entries.find(({ origin }) => origin.kind === "code" && origin.path === path);
    if (found === undefined) {
      throw new Error(`There is no agent of ${path}.`);
    }
    return found;
  };
  return {
    folder,
    agents,
    log,
    write,
    entry,
    load: async (name, text) => {
      const path = write(name, text);
      paths.add(path);
      await agents.refresh([...paths]);
      return entry(path);
    },
    ask,
  };
}

/** Repeats what it hears. */
async function echo({ message }: { readonly message: Message }): Promise<ReturnType<typeof answer>> {
  return answer(`echo: ${message.content}`, { heard: true });
}

function ask(entry: DirectoryEntry, content: string, options: AskOptions = {}): Promise<Message | undefined> {
  const office = new PostOffice();
  const { name, systemMessage } = entry.definition;
  const help: ReplyHelp = {
    complete: () => Promise.reject(new Error("No model was expected.")),
    callTool: () => Promise.reject(new Error("No tool was expected.")),
    show: () => undefined,
    ...options.help,
  };
  office.register(name, new ConversableAgent({ name, systemMessage, replies: entry.replies, help: () => help }));
  office.register(
    "echo",
    new ConversableAgent({ name: "echo", replies: [{ name: "echo", trigger: "anyone", reply: echo }] }),
  );
  const user = new ConversableAgent({ name: "user" });
  const run = office.open({ signal: options.signal ?? new AbortController().signal });
  return user.send(run, name, content);
}
