import { ConversableAgent, type AgentOptions } from "../core/agent.ts";
import { Budget, type BudgetLimits } from "../core/budget.ts";
import { PostOffice } from "../core/post-office.ts";
import { type ReplyContext, type ReplyFunction, answer } from "../core/reply.ts";
import type { Mailbox, Run, RunEvent } from "../core/run.ts";
import { type Message, messageSchema } from "../protocol/message.ts";

/** Agents, a post office, and one run within which everything that was shown is kept. */
export interface Town {
  readonly office: PostOffice;
  readonly events: RunEvent[];
  readonly controller: AbortController;
  readonly run: Run;
  add(options: AgentOptions): ConversableAgent;
  /** A further run of the same agents. */
  open(signal?: AbortSignal): Run;
}

/** Makes a town; `limits` replace those of a budget that nobody reaches. */
export function createTown(limits: Partial<BudgetLimits> = {}, now?: () => number): Town {
  const office = new PostOffice();
  const events: RunEvent[] = [];
  const controller = new AbortController();
  const plenty = { messages: 1_000, modelCalls: 1_000, tokens: 1_000_000, timeMs: 1_000_000 };
  const open = (signal = controller.signal) =>
    office.open({ signal, budget: new Budget({ ...plenty, ...limits }, now), onEvent: (event) => events.push(event) });
  return {
    office,
    events,
    controller,
    run: open(),
    open,
    add: (options) => {
      const agent = new ConversableAgent(options);
      office.register(options.name, agent);
      return agent;
    },
  };
}

/** A reply function that answers everyone with what `words` makes of the context. */
export function says(words: string | ((context: ReplyContext) => string), name = "says"): ReplyFunction {
  return {
    name,
    trigger: "anyone",
    reply: (context) => Promise.resolve(answer(typeof words === "string" ? words : words(context))),
  };
}

/** A message as another agent would write it. */
export function messageTo(to: string, fields: Partial<Message> = {}): Message {
  return {
    id: crypto.randomUUID(),
    from: "someone",
    to,
    content: "hello",
    metadata: {},
    requestReply: true,
    silent: false,
    ...fields,
  };
}

/** A mailbox behind a wire: all that passes is text. */
export function overTheWire(mailbox: Mailbox): Mailbox {
  return {
    async receive(message, run) {
      const reply = await mailbox.receive(messageSchema.parse(JSON.parse(JSON.stringify(message))), run);
      return reply === undefined ? undefined : messageSchema.parse(JSON.parse(JSON.stringify(reply)));
    },
  };
}

/** Lets everything that can run without a timer run. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
