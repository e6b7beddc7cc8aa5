import { pythonInterpreter } from "../catalog/python-interpreter.ts";
import type { ReplyContext } from "../core/reply.ts";
import type { ModelMessage } from "../ports/chat-model.ts";
import type { Message } from "../protocol/message.ts";
import { searchFiles } from "../tools/search-files.ts";
import { placeRule, placedInstructions } from "./place-words.ts";
import type { PythonBrief } from "./python-host.ts";
import { sandboxRule } from "./sandbox-words.ts";

/** The system message of an author: who it is, how it runs code here, what is installed, which language to use. */
export function authorSystemMessage(
  instructions: string,
  python: PythonBrief,
  options: { readonly tools: boolean; readonly language: string },
): string {
  return [
    python.available ? placedInstructions(instructions, python.info) : instructions,
    python.available
      ? environment(python, options.tools)
      : `No code can run here (${python.reason}). Answer from the description of the file alone, and say what you cannot tell without running code.`,
    options.language,
  ].join("\n\n");
}

function environment({ info }: PythonBrief & { readonly available: true }, tools: boolean): string {
  const installed = Object.entries(info.packages).map(([name, version]) => `${name} ${version}`);
  const how = tools
    ? "To run code, call the tool run_python. If you cannot call tools, write one fenced ```python block and stop after it."
    : "To run code, write one fenced ```python block and stop after it; you will be shown its output. A fenced Python block always runs, so put none into your answer.";
  const figures =
    "matplotlib" in info.packages
      ? "Figures of matplotlib are shown by themselves."
      : "matplotlib is not installed: no charts can be drawn; say so where one is asked for.";
  return [
    how,
    `Python ${info.version}. Installed packages: ${installed.length === 0 ? "none beyond the standard library" : installed.join(", ")}.`,
    "The value of a last expression is shown too; tables are shown whole to the user and shortened to you.",
    figures,
    ...[sandboxRule(info.sandbox), placeRule(info)].filter((rule) => rule !== null),
  ].join("\n");
}

/**
 * An agent's messages as a model reads them: what it wrote is the assistant's, what it was told is the user's, a cell's
 * output answers the tool call that ran it. Neighbours of one role are joined, since many models insist on turns.
 */
export function modelMessages(system: string, context: ReplyContext, self: string): readonly ModelMessage[] {
  const messages: ModelMessage[] = [{ role: "system", content: system }];
  for (const message of context.timeline) {
    const next = modelMessage(message, self, message.id === context.message.id);
    const last = messages.at(-1);
    if (last?.role === "user" && next.role === "user") {
      messages[messages.length - 1] = { role: "user", content: `${last.content}\n\n${next.content}` };
    } else {
      messages.push(next);
    }
  }

  return messages;
}

function modelMessage(message: Message, self: string, isQuestion: boolean): ModelMessage {
  const callId = message.metadata["toolCallId"];
  const code = message.metadata["code"];
  if (message.from === self) {
    const query = message.metadata["searchQuery"];
    if (typeof callId === "string" && typeof query === "string") {
      const call = { id: callId, name: searchFiles.name, arguments: JSON.stringify({ query }) };
      return { role: "assistant", content: commentOf(message), toolCalls: [call] };
    }

    if (typeof callId === "string" && typeof code === "string") {
      return {
        role: "assistant",
        content: commentOf(message),
        toolCalls: [{ id: callId, name: "run_python", arguments: JSON.stringify({ code }) }],
      };
    }

    return { role: "assistant", content: message.content };
  }

  if (typeof callId === "string") {
    return { role: "tool", toolCallId: callId, content: message.content };
  }

  if (message.from === pythonInterpreter.name) {
    return { role: "user", content: `Result of running your code:\n${message.content}` };
  }

  return { role: "user", content: isQuestion ? `Question: ${message.content}` : message.content };
}

/** What was said before a tool was called. */
function commentOf({ metadata: { comment } }: Message): string {
  return typeof comment === "string" ? comment : "";
}
