import type { McpToolInfo } from "./mcp-connection.ts";

const longestDescription = 4_000;
const longestSchema = 60_000;

interface Described {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema: { readonly [key: string]: unknown };
  readonly annotations?: { readonly readOnlyHint?: boolean | undefined } | undefined;
}

/** A tool of a list; what it says of itself is for a model to read, without signs that nobody sees. */
export function readTool({ name, title, description, inputSchema, annotations }: Described): McpToolInfo {
  const words = visible(description ?? title ?? "").trim();
  return {
    name,
    description: words.length > longestDescription ? `${words.slice(0, longestDescription)}…` : words,
    parameters: JSON.stringify(inputSchema).length > longestSchema ? { type: "object" } : inputSchema,
    saysReadOnly: annotations?.readOnlyHint === true,
  };
}

/** Text without control and format characters, in which words can be hidden from people. */
function visible(text: string): string {
  return text.replaceAll(/[^\P{C}\n\t\u200c\u200d]/gu, "");
}
