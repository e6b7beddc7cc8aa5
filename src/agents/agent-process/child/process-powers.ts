import * as z from "zod/mini";
import type { AgentPowers } from "../../byzer-agent/answering.ts";
import { modelMessageSchema, modelToolSchema } from "../../protocol/agent-process.ts";
import { metadataSchema, plainJson } from "../../byzer-agent/plain-json.ts";
import type { HostLink } from "./host-link.ts";

/** Powers that ask the host, for the answer with the number `id`. */
export function processPowers(link: HostLink, id: number): AgentPowers {
  return {
    send: async (to, content, { metadata = {}, requestReply = true, silent }) => {
      const sent = await link.call({
        type: "send",
        id,
        to,
        content,
        metadata: plainJson("metadata", metadataSchema, metadata),
        requestReply,
        ...(silent === undefined ? {} : { silent }),
      });
      return sent.type === "sent" ? sent.reply : null;
    },
    complete: async (messages, { tools = [], onText }) => {
      const asked = {
        messages: plainJson("messages", z.array(modelMessageSchema), messages),
        tools: plainJson("tools", z.array(modelToolSchema), tools),
        streams: onText !== undefined,
      };
      const completed = await link.call({ type: "complete", id, ...asked }, onText);
      return completed.type === "completed"
        ? { text: completed.text, toolCalls: completed.toolCalls }
        : { text: "", toolCalls: [] };
    },
    tool: async (tool, input) => {
      const done = await link.call({ type: "call-tool", id, tool, input: plainJson("input", z.json(), input ?? null) });
      return done.type === "tool-done"
        ? { text: done.text, failed: done.failed }
        : { text: `${tool} gave nothing back.`, failed: true };
    },
    show: (text) => link.say({ type: "show", id, text }),
    log: (text) => link.say({ type: "log", text }),
  };
}
