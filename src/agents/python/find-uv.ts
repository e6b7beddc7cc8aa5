import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { installerEnvironment, type Environment } from "./clean-environment.ts";
import { runCommand } from "./run-command.ts";

const trialLimitMs = 5000;

/**
 * The program `uv`: on `PATH`, beside the Python `executable`, or where its own installers put it; `undefined` where
 * there is none.
 */
export async function findUv(
  { executable, environment }: { readonly executable: string; readonly environment: Environment },
  signal: AbortSignal,
): Promise<string | undefined> {
  const home = environment["HOME"] ?? homedir();
  const name = process.platform === "win32" ? "uv.exe" : "uv";
  const places = [
    join(dirname(executable), name),
    join(home, ".local", "bin", name),
    join(home, ".cargo", "bin", name),
  ];
  const candidates = ["uv", ...places.filter((path) => existsSync(path))];
  const command = { args: ["--version"], environment: installerEnvironment(environment), timeoutMs: trialLimitMs };
  const results = await Promise.all(
    candidates.map((candidate) => runCommand({ ...command, executable: candidate }, signal)),
  );
  return candidates.find((_, index) => results[index]?.exitCode === 0);
}
