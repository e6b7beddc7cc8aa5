import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { SandboxMode } from "../../protocol/sandbox.ts";
import { type CommandLine, underBubblewrap } from "./bubblewrap.ts";
import type { SandboxTool } from "./find-sandbox.ts";
import { isInside, type SandboxPlan, planSandbox } from "./sandbox-plan.ts";
import { underSeatbelt } from "./seatbelt.ts";

export interface ConfinementRequest {
  readonly mode: Exclude<SandboxMode, "off">;
  readonly tool: Exclude<SandboxTool, { kind: "none" }>;
  /** The Python itself, not yet resolved: a virtual environment is found beside the link. */
  readonly executable: string;
  readonly programDirectory: string;
  readonly workingDirectory: string;
  readonly outputDirectory: string;
}

/** How one interpreter is held. */
export interface Confinement {
  readonly mode: Exclude<SandboxMode, "off">;
  /** Where code may write, beside temporary files: for telling agents and people. */
  readonly folders: readonly string[];
  /** The folder for temporary files, which only this person can open. */
  readonly temporary: string;
  /** Where a socket may wait for the interpreter; `undefined` where it reaches a port of this machine. */
  readonly socket: string | undefined;
  /** What the interpreter is told, in its environment. */
  readonly env: { readonly [name: string]: string };
  /** What to do about it where it turns out not to hold. */
  readonly wayOut: string;
  /** The command that starts `command` held. @param port Where it is waited for; 0 for at the socket. */
  wrap(command: CommandLine, port: number): CommandLine;
  /** Takes the temporary files away. */
  release(): void;
}

/** Prepares what holds one interpreter. Makes its folder for temporary files. */
export function confine(request: ConfinementRequest): Confinement {
  const { tool, mode } = request;
  const temporary = mkdtempSync(join(realpathSync(tmpdir()), "byzer-"));
  const plan = planSandbox({
    mode,
    home: homedir(),
    workingDirectory: request.workingDirectory,
    outputDirectory: request.outputDirectory,
    temporary,
    programs: [environmentOf(request.executable), request.programDirectory],
  });
  return {
    mode,
    temporary: plan.temporary,
    folders: plan.writable.filter((path) => path !== plan.temporary),
    socket: tool.kind === "bubblewrap" ? join(temporary, "host") : undefined,
    env: { BYZER_INTERPRETER_SANDBOX: JSON.stringify(told(tool.kind, plan)) },
    wayOut: tool.kind === "landlock" ? tool.why : "",
    wrap: (command, port) => {
      switch (tool.kind) {
        case "bubblewrap":
          return underBubblewrap(tool, plan, command);
        case "seatbelt":
          return underSeatbelt(plan, port, command);
        case "landlock":
          return command;
      }
    },
    release: () => rmSync(temporary, { recursive: true, force: true }),
  };
}

function told(by: ConfinementRequest["tool"]["kind"], plan: SandboxPlan): object {
  const { mode, temporary, writable, hidden, workingDirectory } = plan;
  // The kernel can only list what may be read: in a workspace that would leave out every file that comes later.
  const outside = hidden.filter(({ path }) => !isInside(path, workingDirectory)).map(({ path }) => path);
  return { by, mode, temporary, ...(by === "landlock" ? { writable, hidden: outside } : {}) };
}

/** The folder of the environment that `executable` belongs to: beside its `bin`. */
function environmentOf(executable: string): string {
  return dirname(dirname(executable));
}
