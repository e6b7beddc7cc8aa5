import { spawn } from "node:child_process";

/**
 * Prints one progress line.
 *
 * @param {string} line
 */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * How a command ended.
 *
 * @typedef {object} CommandResult
 * @property {number} code Its exit code; 1 where a signal ended it.
 * @property {string} output Standard output and standard error, in the order of arrival.
 * @property {number} durationMs From start to end.
 */

/**
 * Runs a command to its end with its output captured.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onOutput?: (text: string) => void, signal?: AbortSignal }} [options]
 *   `signal` kills it.
 * @returns {Promise<CommandResult>} Also for a command that failed or was not found (code 127).
 */
export function runCommand(command, args, options = {}) {
  const { cwd, env, onOutput, signal } = options;
  const startedMs = performance.now();
  return new Promise((resolve) => {
    let output = "";
    /** @param {Buffer} chunk */
    const take = (chunk) => {
      output += chunk.toString();
      onOutput?.(chunk.toString());
    };
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      signal,
      killSignal: "SIGKILL",
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    /** @param {number} code */
    const end = (code) => resolve({ code, output, durationMs: performance.now() - startedMs });
    child.on("error", (error) => {
      output += `${error.message}\n`;
      end(127);
    });
    child.on("close", (code) => end(code ?? 1));
  });
}

/**
 * Like {@link runCommand}, for a step that nothing can go on without.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Parameters<typeof runCommand>[2]} [options]
 * @returns {Promise<string>} The output.
 * @throws An Error with the command and the last 40 lines of its output when it fails.
 */
export async function mustRun(command, args, options) {
  const { code, output } = await runCommand(command, args, options);
  if (code !== 0) {
    const tail = output.trimEnd().split("\n").slice(-40).join("\n");
    throw new Error(`"${[command, ...args].join(" ")}" failed with exit code ${code}:\n${tail}`);
  }
  return output;
}

/**
 * Ends a process that was started as the leader of its own group, and the group with it: politely, then by force.
 *
 * @param {import("node:child_process").ChildProcess} child
 * @param {number} [patienceMs] How long the polite request may take.
 */
export async function endProcessGroup(child, patienceMs = 3000) {
  const { pid } = child;
  if (pid === undefined) {
    return;
  }
  signalGroup(pid, "SIGTERM");
  const deadlineMs = Date.now() + patienceMs;
  while (Date.now() < deadlineMs && signalGroup(pid, 0)) {
    // oxlint-disable-next-line no-await-in-loop -- it polls
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  signalGroup(pid, "SIGKILL");
}

/**
 * Signals a process group, without waiting.
 *
 * @param {number} pid
 * @param {NodeJS.Signals | 0} signal
 * @returns {boolean} Whether there was such a group.
 */
export function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
