import { ConversableAgent } from "../core/agent.ts";
import { Budget, defaultBudget } from "../core/budget.ts";
import { groupChatReply } from "../core/group-chat.ts";
import { PostOffice } from "../core/post-office.ts";
import { answer } from "../core/reply.ts";
import type { Run } from "../core/run.ts";
import { AgentProgram } from "./agent-program.ts";
import type { AgentDeclaration, AgentMessage } from "./agent-types.ts";
import { type OfficeMeans, modelAnswer, officeHelp } from "./office-help.ts";
import type { GroupChatDeclaration, Office, OfficeOptions, OfficeSendOptions } from "./office-types.ts";
import { metadataSchema, plainJson } from "./plain-json.ts";
import { programReply } from "./program-reply.ts";

/** What a program that speaks for itself is called. */
const person = "user";

/** Opens an office in this process; where `model` is left out, agents that ask for one are told that there is none. */
export function openOffice(options: OfficeOptions): Office {
  return new LocalOffice(options);
}

function log(text: string): void {
  process.stderr.write(`${text}\n`);
}

class LocalOffice implements Office {
  readonly #options: OfficeOptions;
  readonly #post = new PostOffice();
  readonly #agents = new Map<string, ConversableAgent>();
  readonly #programs: AgentProgram[] = [];
  readonly #means: OfficeMeans;

  constructor(options: OfficeOptions) {
    this.#options = options;
    this.#means = {
      model: options.model,
      approve: options.approve ?? (() => true),
      onText: options.onText ?? (() => undefined),
      ownerOf: (tool) => this.#programs.find(({ tools }) => tools.some(({ name }) => name === tool)),
    };
  }

  get names(): readonly string[] {
    return [...this.#agents.keys()];
  }

  async add(declaration: AgentDeclaration, { name = "agent" }: { readonly name?: string } = {}): Promise<string> {
    const program = await AgentProgram.create(declaration, { name, log });
    const { definition } = program;
    const means = this.#means;
    const timeLimitMs = (): number => (definition.limits.seconds ?? 0) * 1000;
    const agent = new ConversableAgent({
      name: definition.name,
      systemMessage: definition.systemMessage,
      replies: [
        programReply({ name: () => definition.name, agent: program, timeLimitMs, log }),
        {
          name: "model",
          trigger: "anyone",
          reply: async (context) => answer(await modelAnswer(means, program, context)),
        },
      ],
      help: (_message, run) => officeHelp(means, program, run),
      ...(definition.limits.replies === undefined ? {} : { maxConsecutiveAutoReply: definition.limits.replies }),
    });
    this.#moveIn(agent);
    this.#programs.push(program);
    return definition.name;
  }

  addGroup({ name, members, maxRounds = 10, chooseSpeaker }: GroupChatDeclaration): string {
    const chosen =
      chooseSpeaker === undefined
        ? {}
        : { chooseSpeaker: async (said: readonly AgentMessage[]) => chooseSpeaker(said, members) };
    this.#moveIn(
      new ConversableAgent({ name, replies: [groupChatReply({ members, maxRound: maxRounds, ...chosen })] }),
    );
    return name;
  }

  async send(to: string, content: string, options: OfficeSendOptions = {}): Promise<AgentMessage | null> {
    const { from = person, metadata = {}, requestReply = true, silent = false, signal } = options;
    const given = { metadata: plainJson("metadata", metadataSchema, metadata), requestReply, silent };
    return (await this.#speaker(from).send(this.#run(signal), to, content, given)) ?? null;
  }

  async initiateChat(
    from: string,
    to: string,
    content: string,
    { clearHistory = true, signal }: { readonly clearHistory?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<AgentMessage | null> {
    return (await this.#speaker(from).initiateChat(this.#run(signal), to, content, { clearHistory })) ?? null;
  }

  messages(agent: string, peer: string): readonly AgentMessage[] {
    return this.#known(agent).messagesWith(peer);
  }

  instruct(agent: string, systemMessage: string): void {
    this.#known(agent).systemMessage = systemMessage;
  }

  reset(agent: string, peer?: string): void {
    this.#known(agent).reset(peer);
  }

  #moveIn(agent: ConversableAgent): void {
    this.#post.register(agent.name, agent);
    this.#agents.set(agent.name, agent);
  }

  /** The program itself moves in when it speaks first. */
  #speaker(name: string): ConversableAgent {
    if (name === person && !this.#agents.has(person)) {
      this.#moveIn(new ConversableAgent({ name: person }));
    }

    return this.#known(name);
  }

  #known(name: string): ConversableAgent {
    const agent = this.#agents.get(name);
    if (agent === undefined) {
      throw new RangeError(`Nobody called ${name} lives here. There are: ${this.names.join(", ")}.`);
    }

    return agent;
  }

  #run(signal: AbortSignal = new AbortController().signal): Run {
    const { budget = {}, onMessage } = this.#options;
    return this.#post.open({
      signal,
      budget: new Budget({
        messages: budget.messages ?? defaultBudget.messages,
        modelCalls: budget.modelCalls ?? defaultBudget.modelCalls,
        tokens: Number.POSITIVE_INFINITY,
        timeMs: budget.seconds === undefined ? defaultBudget.timeMs : budget.seconds * 1000,
      }),
      onEvent: (event) => {
        if (event.type === "message") {
          onMessage?.(event.message);
        }
      },
    });
  }
}
