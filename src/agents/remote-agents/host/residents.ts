import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import type { CodeAgents } from "../../agent-process/code-agents.ts";
import { errorOf } from "../../agent-process/error-of.ts";
import type { DirectoryEntry } from "../../directory/agent-directory.ts";
import { problemOf } from "../../ports/problem-of.ts";
import type { Problem } from "../../protocol/problem.ts";
import type { RemoteAgent, Settlement } from "../../protocol/remote-agents.ts";

/** Who lives in a host: declared agents and groups, and agents in code, each in a process beside it. */
export class Residents {
  readonly #folder: string;
  readonly #code: CodeAgents;
  #agents: readonly RemoteAgent[] = [];
  #entries = new Map<string, DirectoryEntry>();

  /** @param folder Where the code of agents is put. */
  constructor(folder: string, code: CodeAgents) {
    this.#folder = folder;
    this.#code = code;
    code.onChange(() => {
      this.#entries = new Map();
    });
  }

  /**
   * Puts a settlement in force: writes the code and starts it.
   *
   * @returns Everyone who lives here now, with what keeps them from answering.
   */
  async settle({ agents, files }: Pick<Settlement, "agents" | "files">) {
    await Promise.all(files.map(({ path, text }) => this.#write(path, text)));
    this.#agents = agents;
    this.#entries = new Map();
    await this.#code.refresh(agents.flatMap(({ code }) => (code === null ? [] : [this.#pathOf(code)])));
    const stopped = new AbortController();
    return await Promise.all(
      agents.map(async ({ definition: { name }, code }): Promise<{ name: string; problem: Problem | null }> => {
        try {
          await (code === null ? undefined : this.#code.start(this.#pathOf(code), stopped.signal));
          return { name, problem: null };
        } catch (error) {
          return { name, problem: problemOf(error) };
        }
      }),
    );
  }

  /** Whether somebody of that name lives here. */
  has(name: string): boolean {
    return this.#agents.some(({ definition }) => definition.name === name);
  }

  /** Who bears a name; the same object until something changes. */
  find(name: string): DirectoryEntry | undefined {
    const agent = this.#agents.find(({ definition }) => definition.name === name);
    const known = this.#entries.get(name);
    if (agent === undefined || known !== undefined) {
      return known;
    }

    const entry = this.#entryOf(agent);
    this.#entries.set(name, entry);
    return entry;
  }

  async dispose(): Promise<void> {
    await this.#code.dispose();
  }

  #entryOf({ definition, code }: RemoteAgent): DirectoryEntry {
    if (code === null) {
      const origin = { kind: "file", path: "" } as const;
      return { definition, origin, state: "ready", problem: null, replies: [] };
    }

    const path = this.#pathOf(code);
    const living = this.#code.entries.find(({ origin }) => "path" in origin && origin.path === path);
    const missing = problemOf(errorOf({ code: "agent.unknown", message: `${code} is not there.`, details: {} }));
    return living === undefined
      ? { definition, origin: { kind: "code", path }, state: "broken", problem: missing, replies: [] }
      : { ...living, definition };
  }

  async #write(path: string, text: string): Promise<void> {
    const target = this.#pathOf(path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }

  /** @throws RangeError for a path that leads out of the folder. */
  #pathOf(path: string): string {
    const root = resolve(this.#folder);
    const target = resolve(join(root, path));
    if (!target.startsWith(root + sep)) {
      throw new RangeError(`${path} leads out of the folder of the group.`);
    }

    return target;
  }
}
