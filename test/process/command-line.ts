import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { testPython } from "./test-python.ts";

/** The built command line. */
const program = join(import.meta.dirname, "..", "..", "dist", "cli.mjs");

export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CommandOptions {
  /** Sent to the process when its standard output holds the text. */
  readonly interruptAt?: string;
  /** Kills it, as a machine that loses its power does. */
  readonly killed?: AbortSignal;
  readonly env?: { readonly [name: string]: string };
  /** The folder in which it runs; this one where left out. */
  readonly cwd?: string;
}

/** Runs the built `byzer` as a person would, without a terminal and without a model in the environment. */
export function runCommandLine(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  if (!existsSync(program)) {
    throw new Error(`There is no ${program}: run "npm run build" first.`);
  }

  const environment = Object.entries(process.env).filter(([name]) => !/^(?:OPENAI_|BYZER_|OLLAMA_)/.test(name));
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...Object.fromEntries(environment), ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  options.killed?.addEventListener("abort", () => child.kill("SIGKILL"));
  let out = "";
  let err = "";
  let interrupted = false;
  const seen = () => {
    if (options.interruptAt !== undefined && !interrupted && (out + err).includes(options.interruptAt)) {
      interrupted = true;
      child.kill("SIGINT");
    }
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    seen();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
    seen();
  });
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

/** What every `analyze` of a test is given: the model server, the test's Python, a folder for the session. */
export function analyzeArguments(baseUrl: string, sessions: string): readonly string[] {
  return ["--base-url", baseUrl, "--model", "scripted", "--python", testPython(), "--sessions", sessions];
}
