import type { Message } from "../protocol/message.ts";
import type { SessionEvent } from "../protocol/session-event.ts";

const rule = "-".repeat(80);

/** One message as the transcript prints it: who said it to whom, the words, a rule. */
export function transcriptMessage({ from, to, content }: Pick<Message, "from" | "to" | "content">): string {
  return `${from} (to ${to}):\n\n${content}\n\n${rule}\n`;
}

/** What the transcript prints of an event; empty for events that it leaves out. */
export function transcriptEntry(event: SessionEvent, question: string): string {
  switch (event.type) {
    case "message":
      return transcriptMessage(event.message);
    case "agent-select":
      return `Select agent: ${event.agent} to answer the question: ${question}\n`;
    case "notice":
      return `Note: ${event.text}\n`;
    case "passages":
      return `Read ${event.passages.length} passages for: ${event.query}\n`;
    case "tool-call":
      return `${event.agent} uses ${event.tool}: ${event.input}\n`;
    case "tool-end":
      return event.failed ? `It failed: ${event.text}\n` : "";
    case "citation": {
      const { number, name, startLine, quote } = event.citation;
      return `[${number}] ${name}:${startLine} "${quote}"\n`;
    }
    default:
      return "";
  }
}
