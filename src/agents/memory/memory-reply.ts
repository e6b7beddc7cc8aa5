import type { AskingParts } from "../asking/asking.ts";
import { conversationWords } from "../asking/asking-words.ts";
import { retrievalReply } from "../asking/retrieval-reply.ts";
import { memoryAgent } from "../catalog/memory-agent.ts";
import { type Reply, type ReplyContext, type ReplyFunction, answer } from "../core/reply.ts";
import { memorySwitchedOff } from "./memory-words.ts";
import type { SessionMemory } from "./session-memory.ts";

export interface MemoryReplyParts extends Pick<AskingParts, "model" | "reranker"> {
  readonly memory: SessionMemory;
}

/** The reply function of `memory_agent`: answers from earlier conversations, or gives passages of them to another agent. */
export function memoryReply({ memory, ...parts }: MemoryReplyParts): ReplyFunction {
  const reading = retrievalReply({
    ...parts,
    index: memory.index,
    scopes: () => memory.scopes(),
    voice: {
      agent: memoryAgent.name,
      things: "the user's earlier conversations",
      words: conversationWords,
      about: () => "The user asks about earlier conversations of this workspace.",
      nameOf: (path) => memory.nameOf(path),
    },
  });
  return {
    ...reading,
    reply: async (context) => {
      const { run, message } = context;
      if (!memory.isOn) {
        return say(context, memorySwitchedOff(message.content));
      }

      run.emit({ type: "progress", agent: memoryAgent.name, activity: "searching", detail: "" });
      await memory.ready(run.signal);
      return (await memory.holdsAnything())
        ? await reading.reply(context)
        : say(context, conversationWords(message.content).nothingAsked);
    },
  };
}

/** Another agent that wants passages is told; else the person is. */
function say({ run, message: { metadata } }: ReplyContext, text: string): Reply {
  if (metadata["passagesOnly"] !== true) {
    const role = metadata["interim"] === true ? "comment" : "answer";
    run.emit({ type: "text-end", blockId: crypto.randomUUID(), agent: memoryAgent.name, role, text });
  }

  return answer(text);
}
