import { createOffice } from "../../src/agents/byzer-agent/index.ts";
import { ConversableAgent } from "../../src/agents/core/agent.ts";
import { Budget } from "../../src/agents/core/budget.ts";
import { PostOffice } from "../../src/agents/core/post-office.ts";
import { answer } from "../../src/agents/core/reply.ts";
import { median } from "./bench.ts";

/** Measured in a process of its own: `node --expose-gc agents-probe.ts speed|memory`, JSON on the standard output. */
const [what] = process.argv.slice(2);
const print = (value: unknown): void => void process.stdout.write(JSON.stringify(value));

if (what === "speed") {
  print(await measureSpeed());
} else if (what === "memory") {
  print(await measureMemory());
}

/** Microseconds of processor time per `send` with its reply. */
interface Speed {
  /** Over 20,000 messages in a row. */
  readonly rowUs: number;
  /**
   * With an agent that has just begun, and with one after 100,000 messages. Both take turns, each after the heap was
   * cleared, so that both meet the same heap and the same load.
   */
  readonly shortUs: number;
  readonly longUs: number;
}

async function measureSpeed(): Promise<Speed> {
  const limits = { messages: Infinity, modelCalls: 0, tokens: 0, timeMs: Infinity };
  const office = new PostOffice();
  const run = office.open({ signal: new AbortController().signal, budget: new Budget(limits) });
  const user = new ConversableAgent({ name: "user" });
  const short = parrot("short");
  office.register("short", short);
  office.register("long", parrot("long"));
  const sendAll = async (to: string, count: number): Promise<number> => {
    const from = process.cpuUsage();
    for (let index = 0; index < count; index += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what is measured
      await user.send(run, to, "How many messages a second?");
    }
    const { user: own, system } = process.cpuUsage(from);
    return (own + system) / count;
  };
  await sendAll("short", 20_000);
  short.reset();
  user.reset();
  const rowUs = await sendAll("short", 20_000);
  await sendAll("long", 100_000);
  const shorts: number[] = [];
  const longs: number[] = [];
  for (let round = 0; round < 24; round += 1) {
    short.reset();
    user.reset("short");
    globalThis.gc?.();
    // oxlint-disable-next-line no-await-in-loop -- in turns
    shorts.push(await sendAll("short", 3_000));
    globalThis.gc?.();
    // oxlint-disable-next-line no-await-in-loop -- in turns
    longs.push(await sendAll("long", 3_000));
  }
  return { rowUs, shortUs: median(shorts), longUs: median(longs) };
}

function parrot(name: string): ConversableAgent {
  return new ConversableAgent({
    name,
    maxConsecutiveAutoReply: Infinity,
    replies: [{ name: "echo", trigger: "anyone", reply: async ({ message }) => answer(message.content) }],
  });
}

/** What 1,000 agents hold, each with a system message, two reply functions, a tool, and ten messages that it exchanged. */
async function measureMemory(): Promise<{ readonly bytes: number }> {
  const office = createOffice({ budget: { messages: 1_000 } });
  const before = heldBytes();
  for (let index = 0; index < 1_000; index += 1) {
    const name = `agent_${index}`;
    // oxlint-disable-next-line no-await-in-loop -- in this order
    await office.add({
      name,
      description: `Agent ${index} of a thousand.`,
      systemMessage: `You are agent ${index}. ${"Answer from what you know. ".repeat(40)}`,
      tools: [
        { name: `tool_${index}`, description: "Does nothing.", parameters: { type: "object" }, run: () => "nothing" },
      ],
      replies: [
        { name: "skip", reply: () => [false] },
        { name: "echo", reply: ({ message }) => [true, `${message.content} ${index}`] },
      ],
    });
    for (let message = 0; message < 5; message += 1) {
      // oxlint-disable-next-line no-await-in-loop -- in this order
      await office.send(name, `Message ${message} to agent ${index}, of some length as people write them.`);
    }
  }
  const bytes = heldBytes() - before;
  if (office.names.length !== 1_001) {
    throw new Error("Not all agents live here.");
  }
  return { bytes };
}

function heldBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
