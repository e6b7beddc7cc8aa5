import * as z from "zod/mini";
import type { ModelTool, ModelToolCall } from "../ports/chat-model.ts";

/** Finds passages in the files that the person asks about. */
export const searchFiles: ModelTool = {
  name: "search_files",
  description: "Finds passages in the user's files by words and returns them, numbered.",
  parameters: {
    type: "object",
    properties: { query: { type: "string", description: "The words to look for, in the language of the files." } },
    required: ["query"],
    additionalProperties: false,
  },
};

const argumentsSchema = z.record(z.string(), z.unknown());

/** What came of reading a call: the words to look for, or what the model must put right. */
export type SearchFilesCall = { readonly query: string } | { readonly mistake: string };

/** Reads the arguments of a call, forgiving what models get wrong: bare words instead of JSON, another key. */
export function readSearchFilesCall(call: ModelToolCall): SearchFilesCall {
  if (call.name !== searchFiles.name) {
    return { mistake: `There is no tool called ${call.name}. Call search_files with {"query": "…"}.` };
  }

  const value = parseJson(call.arguments);
  const fields = argumentsSchema.safeParse(value).data;
  const words = fields === undefined ? value : (fields["query"] ?? onlyText(Object.values(fields)));
  const query = typeof words === "string" ? words.trim() : "";
  return query === ""
    ? { mistake: 'The arguments could not be read. Call search_files again with {"query": "words to look for"}.' }
    : { query };
}

function onlyText(values: readonly unknown[]): unknown {
  const texts = values.filter((value) => typeof value === "string");
  return texts.length === 1 ? texts[0] : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return /^\s*[{[]/u.test(text) ? undefined : text;
  }
}
