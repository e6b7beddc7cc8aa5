import type { ModelTool } from "../ports/chat-model.ts";

/** Finds what was asked and found in earlier conversations of the workspace. */
export const searchConversations: ModelTool = {
  name: "search_conversations",
  description:
    "Finds what was asked and found in the user's earlier conversations of this workspace, by words, and returns it, numbered.",
  parameters: {
    type: "object",
    properties: { query: { type: "string", description: "The words to look for, in the language of the user." } },
    required: ["query"],
    additionalProperties: false,
  },
};
