import { existsSync } from "node:fs";
import { release } from "node:os";
import { runCommand } from "../run-command.ts";
import { bubblewrapPath, bubblewrapTrial } from "./bubblewrap.ts";
import { seatbeltPath } from "./seatbelt.ts";

/** Of Linux: from here on Landlock keeps files from being emptied too. */
const oldestKernel = [6, 2] as const;
const trialLimitMs = 10_000;

/** What this system can hold code with. */
export type SandboxTool =
  | { readonly kind: "bubblewrap"; readonly executable: string; readonly nesting: boolean }
  | { readonly kind: "seatbelt" }
  /** The kernel alone, asked by the interpreter itself; `why` bubblewrap is not used. */
  | { readonly kind: "landlock"; readonly why: string }
  /** `reason` says what is missing and the way out. */
  | { readonly kind: "none"; readonly reason: string };

const install =
  "Install bubblewrap (Debian, Ubuntu: sudo apt install bubblewrap; Fedora: sudo dnf install bubblewrap; Arch: sudo pacman -S bubblewrap).";

let known: Promise<SandboxTool> | undefined;

/** Tries once per process what is there. */
export function findSandbox(): Promise<SandboxTool> {
  known ??= look();
  return known;
}

async function look(): Promise<SandboxTool> {
  if (process.platform === "linux") {
    return onLinux();
  }
  if (process.platform === "darwin") {
    return onMac();
  }
  const reason =
    "This system has no sandbox for programs. Work inside Linux (WSL with bubblewrap, a dev container or a remote machine) to have one.";
  return { kind: "none", reason };
}

async function onLinux(): Promise<SandboxTool> {
  const executable = bubblewrapPath();
  if (executable === undefined) {
    return kernelAlone(`bubblewrap is not installed. ${install}`);
  }
  const refused = await trial(bubblewrapTrial(executable, { nesting: false }));
  if (refused === undefined) {
    return { kind: "bubblewrap", executable, nesting: false };
  }
  if (/disable-userns/.test(refused) && (await trial(bubblewrapTrial(executable, { nesting: true }))) === undefined) {
    return { kind: "bubblewrap", executable, nesting: true };
  }
  return kernelAlone(`${executable} does not work here (${refused}). ${advice(refused)}`);
}

/** Whether the kernel really holds code is found by the interpreter; one that is too old is not asked. */
function kernelAlone(why: string): SandboxTool {
  const [major = 0, minor = 0] = release().split(".").map(Number);
  const isOld = major < oldestKernel[0] || (major === oldestKernel[0] && minor < oldestKernel[1]);
  return isOld ? { kind: "none", reason: why } : { kind: "landlock", why };
}

async function onMac(): Promise<SandboxTool> {
  const args = ["-p", "(version 1)\n(allow default)\n", "/usr/bin/true"];
  const refused = existsSync(seatbeltPath) ? await trial({ executable: seatbeltPath, args }) : "it is not there";
  return refused === undefined
    ? { kind: "seatbelt" }
    : {
        kind: "none",
        reason: `${seatbeltPath} does not work here (${refused}). It cannot be used inside another sandbox.`,
      };
}

/** @returns What the program said when it failed. */
async function trial(command: {
  readonly executable: string;
  readonly args: readonly string[];
}): Promise<string | undefined> {
  const whole = { ...command, environment: {}, timeoutMs: trialLimitMs };
  const { exitCode, output } = await runCommand(whole, new AbortController().signal);
  return exitCode === 0 ? undefined : (output.trim().split("\n").at(-1) ?? "") || `exit code ${exitCode}`;
}

function advice(refused: string): string {
  return /namespace|uid map|Operation not permitted|No permissions/i.test(refused)
    ? "The kernel forbids user namespaces: on Ubuntu allow them to bubblewrap in AppArmor, in a container start it with --security-opt seccomp=unconfined, or have sysctl kernel.unprivileged_userns_clone=1 set."
    : install;
}
