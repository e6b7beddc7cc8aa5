import type { CommandLine } from "./bubblewrap.ts";
import type { SandboxPlan } from "./sandbox-plan.ts";

/** Part of macOS; on a path that only the system may write. */
export const seatbeltPath = "/usr/bin/sandbox-exec";

/** `command` under `plan`; in `strict` it reaches nothing but `port` of this machine. */
export function underSeatbelt(plan: SandboxPlan, port: number, command: CommandLine): CommandLine {
  return {
    executable: seatbeltPath,
    args: ["-p", seatbeltProfile(plan, port), command.executable, ...command.args],
  };
}

/**
 * The profile in the language of the system's sandbox: the last rule that fits decides. Services of the system that act
 * for a program (opening addresses, scripting others, the keychain, the pasteboard) are out of reach.
 */
export function seatbeltProfile({ mode, writable, guarded, hidden, needed }: SandboxPlan, port: number): string {
  const paths = hidden.map(({ path, kind }) => ` (${kind === "folder" ? "subpath" : "literal"} ${quoted(path)})`);
  return [
    "(version 1)",
    "(allow default)",
    "(deny appleevent-send)",
    '(deny mach-lookup (global-name "com.apple.SecurityServer") (global-name "com.apple.securityd.xpc") (global-name "com.apple.pasteboard.1") (global-name "com.apple.coreservices.launchservicesd"))',
    "(deny file-write*)",
    '(allow file-write* (regex #"^/dev/(null|zero|tty.*|ptmx|dtracehelper|fd/.*)$"))',
    ...rule("allow file-write*", folders(writable)),
    ...rule("deny file-write*", folders(guarded)),
    ...rule("deny file-read* file-write*", paths.join("")),
    ...rule("allow file-read*", folders(needed)),
    ...(mode === "strict"
      ? ["(deny network*)", `(allow network-outbound (remote ip "localhost:${port}"))`]
      : ['(deny network-outbound (literal "/private/var/run/docker.sock"))']),
    "",
  ].join("\n");
}

function folders(paths: readonly string[]): string {
  return paths.map((path) => ` (subpath ${quoted(path)})`).join("");
}

function rule(head: string, filters: string): readonly string[] {
  return filters === "" ? [] : [`(${head}${filters})`];
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
