import { AgentError } from "../base/errors.ts";
import type { ReplyFunction } from "../core/reply.ts";
import type { AgentFinder, AgentState, DirectoryEntry } from "../directory/agent-directory.ts";
import { problemOf } from "../ports/problem-of.ts";
import type { Tool } from "../ports/tool.ts";
import { type AgentDefinition, agentNamePattern, completeDefinition } from "../protocol/agent-definition.ts";
import type { Problem } from "../protocol/problem.ts";
import { AgentProgram } from "./agent-program.ts";
import type { ToolDeclaration } from "./agent-types.ts";
import { REPLY_TIME_LIMIT_MS, programReply } from "./program-reply.ts";
import { checkTool } from "./read-declaration.ts";
import { runDeclaredTool } from "./run-tool.ts";

/** Something that another extension has registered; what it says is not checked yet. */
export interface Registered {
  readonly extensionId: string;
  readonly name: string;
  readonly declaration: unknown;
}

/** What other extensions have registered until now. */
export interface Registrations {
  readonly agents: readonly Registered[];
  readonly tools: readonly Registered[];
  /** @returns What ends the telling. */
  onChange(listener: () => void): () => void;
}

interface Resident {
  readonly definition: AgentDefinition;
  readonly state: AgentState;
  readonly problem: Problem | null;
  readonly replies: readonly ReplyFunction[];
  readonly tools: readonly Tool[];
}

/** The agents and tools of other extensions. They run in this process, in the code of their extension. */
export class ExtensionAgents implements AgentFinder {
  readonly #registrations: Registrations;
  readonly #log: (extensionId: string, text: string) => void;
  readonly #residents = new Map<Registered, Resident>();
  readonly #tools = new Map<Registered, readonly Tool[]>();
  readonly #listeners = new Set<() => void>();
  readonly #end: () => void;

  constructor(registrations: Registrations, log: (extensionId: string, text: string) => void) {
    this.#registrations = registrations;
    this.#log = log;
    this.#end = registrations.onChange(() => this.#look());
    this.#look();
  }

  get entries(): readonly DirectoryEntry[] {
    return [...this.#residents].map(([{ extensionId }, { tools: _tools, ...shown }]) => ({
      ...shown,
      origin: { kind: "extension", extensionId },
    }));
  }

  get tools(): readonly Tool[] {
    const own = [...this.#residents.values()].flatMap(({ tools }) => tools);
    return [...own, ...[...this.#tools.values()].flat()];
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    this.#end();
    this.#listeners.clear();
  }

  #look(): void {
    const { agents, tools } = this.#registrations;
    keep(this.#residents, agents);
    keep(this.#tools, tools);
    for (const registered of agents.filter((each) => !this.#residents.has(each))) {
      this.#residents.set(registered, { ...resident(registered), state: "starting" });
      void this.#moveIn(registered);
    }

    for (const registered of tools.filter((each) => !this.#tools.has(each))) {
      this.#tools.set(registered, this.#checkedTools(registered));
    }

    this.#tell();
  }

  async #moveIn(registered: Registered): Promise<void> {
    const { extensionId, name, declaration } = registered;
    const log = (text: string): void => this.#log(extensionId, `${name}: ${text}`);
    try {
      const program = await AgentProgram.create(declaration, { name, log });
      this.#become(registered, ready(program, extensionId, log));
    } catch (error) {
      log(error instanceof Error ? error.message : String(error));
      this.#become(registered, { ...resident(registered), state: "broken", problem: problemOf(error) });
    }
  }

  #checkedTools({ extensionId, name, declaration }: Registered): readonly Tool[] {
    try {
      checkTool(name, declaration);
      return [toolOf(declaration, extensionId)];
    } catch (error) {
      this.#log(extensionId, error instanceof Error ? error.message : String(error));
      return [];
    }
  }

  /** One that was taken back meanwhile stays away. */
  #become(registered: Registered, now: Resident): void {
    if (this.#residents.has(registered)) {
      this.#residents.set(registered, now);
      this.#tell();
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

function keep(known: Map<Registered, unknown>, present: readonly Registered[]): void {
  for (const registered of known.keys()) {
    if (!present.includes(registered)) {
      known.delete(registered);
    }
  }
}

/** One of which nothing is known but its name. Its first answer says why it has none. */
function resident({ name, extensionId }: Registered): Resident {
  const shown = agentNamePattern.test(name) ? name : "unnamed";
  const refuse: ReplyFunction = {
    name: "not-ready",
    trigger: "anyone",
    reply: () => {
      const reason = `it is not ready; the log of Byzer Agent says more about ${extensionId}`;
      return Promise.reject(new AgentError("agent.declaration", { name: shown, reason }, `${shown}: ${reason}.`));
    },
  };
  return {
    definition: completeDefinition({ name: shown }),
    state: "broken",
    problem: null,
    replies: [refuse],
    tools: [],
  };
}

function ready(program: AgentProgram, extensionId: string, log: (text: string) => void): Resident {
  const { definition, tools } = program;
  const { seconds } = definition.limits;
  const timeLimitMs = (): number => (seconds === undefined ? REPLY_TIME_LIMIT_MS : seconds * 1000);
  return {
    definition,
    state: "ready",
    problem: null,
    replies: [programReply({ name: () => definition.name, agent: program, timeLimitMs, log })],
    tools: tools.map((tool) => toolOf(tool, extensionId)),
  };
}

function toolOf(tool: ToolDeclaration, extensionId: string): Tool {
  const { name, description, parameters, effect = "acts" } = tool;
  return {
    name,
    description,
    parameters,
    effect,
    origin: extensionId,
    run: (input, caller) => runDeclaredTool(tool, { input, caller }),
  };
}
