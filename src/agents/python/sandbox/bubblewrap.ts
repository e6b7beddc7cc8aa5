import { existsSync, lstatSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SandboxPlan } from "./sandbox-plan.ts";

/** A program and its arguments. */
export interface CommandLine {
  readonly executable: string;
  readonly args: readonly string[];
}

/** Never looked for on `PATH`, which a workspace may bend. */
const places = ["/usr/bin/bwrap", "/bin/bwrap", "/usr/local/bin/bwrap", "/run/current-system/sw/bin/bwrap"];

/** What programs need of `/run`; the rest of it is sockets of services that would do things for the code. */
const neededOfRun = [
  "/run/current-system",
  "/run/opengl-driver",
  "/run/systemd/resolve",
  "/run/resolvconf",
  "/run/NetworkManager/resolv.conf",
  "/run/NetworkManager/no-stub-resolv.conf",
  "/run/media",
];

/**
 * What every command gets: a tree that cannot be written, processes, devices and shared memory of its own, no
 * capabilities. Not `--new-session`, which would take Ctrl-C from the terminal: nothing but the program itself reads
 * what it could type there.
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
    ...(existsSync("/run") ? ["--tmpfs", "/run"] : []),
    ...neededOfRun.flatMap((path) => ["--ro-bind-try", path, path]),
    ...socketsIn(["/tmp", tmpdir()]),
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

/** Covers sockets that lie about in folders for temporary files: agents of keys, displays, editors. */
function socketsIn(folders: readonly string[]): readonly string[] {
  return [...new Set(folders)].flatMap((folder) =>
    namesIn(folder).flatMap((name) => {
      const path = join(folder, name);
      if (isSocket(path)) {
        return masked(path);
      }
      return isPlainFolder(path) && namesIn(path).some((inner) => isSocket(join(path, inner))) ? ["--tmpfs", path] : [];
    }),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isSocket(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true;
}

function isPlainFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
