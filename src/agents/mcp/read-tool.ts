import type { McpToolInfo } from "./mcp-connection.ts";

const longestName = 128;
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
export function readTool({ name: calledAs, title, description, inputSchema, annotations }: Described): McpToolInfo {
  const words = visible(description ?? title ?? "").trim();
  return {
    name: visible(calledAs).replaceAll(/\s+/gu, " ").trim().slice(0, longestName),
    calledAs,
    description: words.length > longestDescription ? `${words.slice(0, longestDescription)}…` : words,
    parameters: JSON.stringify(inputSchema).length > longestSchema ? { type: "object" } : inputSchema,
    saysReadOnly: annotations?.readOnlyHint === true,
  };
}

/** Tools by names that nobody else has: two that look alike are told apart by a number. One without a name is left out. */
export function namedApart(tools: readonly McpToolInfo[]): readonly McpToolInfo[] {
  const taken = new Set<string>();
  return tools.flatMap((tool) => {
    let { name } = tool;
    for (let count = 2; taken.has(name); count += 1) {
      name = `${tool.name} ${count}`;
    }

    taken.add(name);
    return tool.name === "" ? [] : [{ ...tool, name }];
  });
}

/** Text without control and format characters, in which words can be hidden from people. */
function visible(text: string): string {
  return text.replaceAll(/[^\P{C}\n\t\u200c\u200d]/gu, "");
}
