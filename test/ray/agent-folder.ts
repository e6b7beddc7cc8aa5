import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import * as z from "zod";
import type { ServerAnswer } from "../../src/agents/testing/model-server.ts";
import { type CommandResult, runCommandLine } from "../process/command-line.ts";
import type { RayCluster } from "./ray-cluster.ts";

/** A key that must be seen nowhere but in requests to its model. */
export const keyCanary = "sk-canary-5f1d7c0e2b9a48d6a3c4";

const answerSchema = z.object({
  answer: z.string(),
  messages: z.array(z.object({ from: z.string(), to: z.string(), content: z.string() })),
});

/** A folder with agents, on the machine of a person whose home it is, too. */
export interface AgentFolder {
  readonly path: string;
  /** Asks an agent from the command line, on the cluster. */
  ask(agent: string, message: string, baseUrl: string): Promise<CommandResult>;
  /** Runs any command of `byzer` as the same person. */
  byzer(args: readonly string[]): Promise<CommandResult>;
}

/** Makes one, until the end of the test. @param files By their paths below it. */
export function agentFolder({ dashboard, token }: RayCluster, files: { readonly [path: string]: string }): AgentFolder {
  const home = mkdtempSync(join(tmpdir(), "agents-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const path = join(home, "work");
  mkdirSync(join(path, ".byzer", "agents"), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(path, name), text);
  }
  const env = { HOME: home, RAY_AUTH_TOKEN: token, OPENAI_API_KEY: keyCanary };
  const byzer = (args: readonly string[]): Promise<CommandResult> => runCommandLine(args, { env, cwd: path });
  return {
    path,
    byzer,
    ask: (agent, message, baseUrl) => {
      const model = ["--base-url", baseUrl, "--model", "scripted", "--sessions", join(home, "sessions")];
      const where = ["--folder", path, "--ray", dashboard, "--yes", "--json"];
      return byzer(["agent", "run", agent, "--message", message, ...where, ...model]);
    },
  };
}

/** What a command answered. @throws Error with what it said where it failed. */
export function answerOf({ code, out, err }: CommandResult): z.infer<typeof answerSchema> {
  if (code !== 0) {
    throw new Error(`The command ended with ${code}. ${err}`);
  }
  return answerSchema.parse(JSON.parse(out));
}

/** A model's streamed call of a tool. */
export function calling(name: string, input: object): ServerAnswer {
  const call = { index: 0, id: "call_1", type: "function", function: { name, arguments: JSON.stringify(input) } };
  const delta = { role: "assistant", tool_calls: [call] };
  return { type: "stream", chunks: [{ choices: [{ index: 0, delta, finish_reason: "tool_calls" }] }] };
}
