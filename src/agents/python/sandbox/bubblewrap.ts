import { existsSync } from "node:fs";
import type { SandboxPlan } from "./sandbox-plan.ts";

/** A program and its arguments. */
export interface CommandLine {
  readonly executable: string;
  readonly args: readonly string[];
}

/** Never looked for on `PATH`, which a workspace may bend. */
const places = ["/usr/bin/bwrap", "/bin/bwrap", "/usr/local/bin/bwrap", "/run/current-system/sw/bin/bwrap"];

/**
 * What every command gets: a tree that cannot be written, processes, devices and shared memory of its own, no
 * capabilities. Not `--new-session`, which would take Ctrl-C from the terminal: nothing but the program itself reads
 * what it could type there. Sockets of services are refused by the interpreter's own filter, once it has its own.
 */
const base = [
  "--die-with-parent",
  "--unshare-user",
  "--unshare-pid",
  "--unshare-ipc",
  "--unshare-uts",
  "--unshare-cgroup-try",
  "--cap-drop",
  "ALL",
  "--ro-bind",
  "/",
  "/",
  "--dev",
  "/dev",
  "--proc",
  "/proc",
];
/** Bubblewrap 0.8 and later: no namespaces inside, in which mounts could be made. */
const noNesting = "--disable-userns";

/** The installed bubblewrap, or `undefined`. */
export function bubblewrapPath(): string | undefined {
  return places.find((path) => existsSync(path));
}

/** A command that shows whether bubblewrap works here. `nesting`: as older ones need it. */
export function bubblewrapTrial(executable: string, options: { readonly nesting: boolean }): CommandLine {
  const extra = options.nesting ? [] : [noNesting];
  return { executable, args: [...extra, ...base, "--unshare-net", "--", "/bin/sh", "-c", ":"] };
}

/** `command` under `plan`: later arguments cover earlier ones. */
export function underBubblewrap(
  bubblewrap: { readonly executable: string; readonly nesting: boolean },
  plan: SandboxPlan,
  command: CommandLine,
): CommandLine {
  const { mode, hidden, needed, writable, guarded } = plan;
  const covers = (path: string): boolean => writable.some((folder) => path.startsWith(`${folder}/`));
  const mask = hidden.map(({ path, kind }) => ({ path, args: kind === "folder" ? ["--tmpfs", path] : masked(path) }));
  const args = [
    ...(bubblewrap.nesting ? [] : [noNesting]),
    ...base,
    ...(mode === "strict" ? ["--unshare-net"] : []),
    ...mask.filter(({ path }) => !covers(path)).flatMap((one) => one.args),
    ...needed.flatMap((path) => ["--ro-bind", path, path]),
    ...writable.flatMap((path) => ["--bind", path, path]),
    ...guarded.flatMap((path) => ["--ro-bind", path, path]),
    ...mask.filter(({ path }) => covers(path)).flatMap((one) => one.args),
    "--chdir",
    plan.workingDirectory,
    "--",
    command.executable,
    ...command.args,
  ];
  return { executable: bubblewrap.executable, args };
}

function masked(path: string): readonly string[] {
  return ["--ro-bind", "/dev/null", path];
}
