import * as z from "zod/mini";
import { passagesOnly } from "../asking/retrieval-reply.ts";
import { memoryAgent } from "../catalog/memory-agent.ts";
import { pythonInterpreter } from "../catalog/python-interpreter.ts";
import { retrievalAgent } from "../catalog/retrieval-agent.ts";
import { terminating } from "../core/agent.ts";
import { type ReplyContext, answer } from "../core/reply.ts";
import type { ModelTool } from "../ports/chat-model.ts";
import { runPython } from "../tools/run-python.ts";
import { searchConversations } from "../tools/search-conversations.ts";
import { searchFiles } from "../tools/search-files.ts";
import { type OfferedTool, result } from "./offered-tool.ts";
import type { Speech } from "./speech.ts";

/** The tools of every session that other agents of it stand behind, by name. */
export const sessionToolNames: readonly string[] = [runPython.name, searchFiles.name, searchConversations.name];

/** Those of `names` that are tools of the session, for one message. */
export function sessionTools(names: readonly string[], context: ReplyContext, speech: Speech): readonly OfferedTool[] {
  return [
    ...(names.includes(runPython.name) ? [pythonTool(context, speech)] : []),
    ...(names.includes(searchFiles.name) ? [searchTool(context, searchFiles, retrievalAgent.name)] : []),
    ...(names.includes(searchConversations.name) ? [searchTool(context, searchConversations, memoryAgent.name)] : []),
  ];
}

const codeInput = z.object({ code: z.string() });

/** Code runs as a cell, with the review and the yes that a cell needs. A second no ends the answer. */
function pythonTool(context: ReplyContext, speech: Speech): OfferedTool {
  let denials = 0;
  let repair = 0;
  return {
    tool: runPython,
    origin: "byzer",
    effect: "own",
    isShown: false,
    run: async (input) => {
      const { code } = z.parse(codeInput, input);
      const metadata = { code, cellId: crypto.randomUUID(), repair, question: context.message.content };
      const reply = await context.ask(pythonInterpreter.name, `\`\`\`python\n${code}\n\`\`\``, { metadata });
      const status = reply?.metadata["status"];
      repair = status === "ok" ? 0 : repair + 1;
      if (status !== "denied") {
        return result(reply?.content ?? "Python gave nothing back.", status !== "ok");
      }

      denials += 1;
      if (denials === 1) {
        return result("The user declined to run this code. Do without it.", true);
      }

      const words = "The code was not run: the user declined.";
      return { kind: "reply", reply: answer(words, { ...speech.end(words), ...terminating }) };
    },
  };
}

const queryInput = z.object({ query: z.string() });

/** @param reader The agent that gives passages. */
function searchTool(context: ReplyContext, tool: ModelTool, reader: string): OfferedTool {
  return {
    tool,
    origin: "byzer",
    effect: "reads",
    isShown: false,
    run: async (input) => {
      const { query } = z.parse(queryInput, input);
      const metadata = { ...passagesOnly, searchQuery: query };
      const reply = await context.ask(reader, query, { metadata });
      return result(reply?.content ?? "Nothing was found.");
    },
  };
}
