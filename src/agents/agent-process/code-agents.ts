import type { AgentFinder, DirectoryEntry } from "../directory/agent-directory.ts";
import type { Tool } from "../ports/tool.ts";
import { type CodeAgentHost, LivingAgent } from "./living-agent.ts";

/** The agents in code of a workspace: one process for each file. Whoever watches the files says when to look again. */
export class CodeAgents implements AgentFinder {
  readonly #host: CodeAgentHost;
  readonly #agents = new Map<string, LivingAgent>();
  readonly #listeners = new Set<() => void>();

  constructor(host: CodeAgentHost) {
    this.#host = host;
  }

  get entries(): readonly DirectoryEntry[] {
    return [...this.#agents.values()].map(({ entry }) => entry);
  }

  /** Tools that the files declare. */
  get tools(): readonly Tool[] {
    return [...this.#agents.values()].flatMap(({ tools }) => tools);
  }

  /** Names of tools that the files declare, whether their code may run or not. */
  get toolNames(): readonly string[] {
    return [...this.#agents.values()].flatMap(({ toolNames }) => toolNames);
  }

  /** Files whose code, once it runs, brings a tool. */
  filesWithTool(name: string): readonly string[] {
    return [...this.#agents.values()].filter(({ toolNames }) => toolNames.includes(name)).map(({ path }) => path);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Starts what is new and may run, starts anew what has changed, and ends what is gone.
   *
   * @param paths All files with an agent in code that there are now, absolute.
   */
  async refresh(paths: readonly string[]): Promise<void> {
    const present = new Set(paths);
    const gone = [...this.#agents.values()].filter(({ path }) => !present.has(path));
    for (const { path } of gone) {
      this.#agents.delete(path);
    }

    for (const path of present) {
      if (!this.#agents.has(path)) {
        this.#agents.set(path, new LivingAgent(path, this.#host, () => this.#changed(path)));
      }
    }

    this.#tell();
    await Promise.all([
      ...gone.map((agent) => agent.stop()),
      ...[...this.#agents.values()].map((agent) => agent.lookAgain()),
    ]);
  }

  /**
   * Starts the agent of a file, after the person's yes where there is none yet.
   *
   * @throws AgentError `agent.*` that says why it does not run.
   */
  async start(path: string, signal: AbortSignal): Promise<void> {
    await this.#agents.get(path)?.start(signal);
  }

  /** Ends its process until somebody starts it. */
  async stop(path: string): Promise<void> {
    await this.#agents.get(path)?.stop();
  }

  /**
   * Starts it anew.
   *
   * @param options `inspect`: so that a debugger can attach.
   * @returns The address of its debugger; `null` where it has none.
   * @throws AgentError `agent.*` that says why it does not run.
   */
  async restart(
    path: string,
    { inspect, signal }: { readonly inspect: boolean; readonly signal: AbortSignal },
  ): Promise<string | null> {
    const agent = this.#agents.get(path);
    if (agent === undefined) {
      return null;
    }

    if (this.#host.trust.isTrusted(path) || (await this.#host.trust.ask(path, signal))) {
      await agent.launch({ inspect });
    }

    await agent.start(signal);
    return agent.inspector();
  }

  /** Looks again what may run. */
  async trustChanged(): Promise<void> {
    await Promise.all([...this.#agents.values()].map((agent) => agent.lookAgain()));
  }

  /** Ends all processes. */
  async dispose(): Promise<void> {
    const all = [...this.#agents.values()];
    this.#agents.clear();
    this.#listeners.clear();
    await Promise.all(all.map((agent) => agent.stop()));
  }

  #changed(path: string): void {
    if (this.#agents.has(path)) {
      this.#tell();
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }
}
