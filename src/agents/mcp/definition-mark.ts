import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { environmentFile } from "./expand-variables.ts";
import type { McpDefinition } from "./mcp-definition.ts";

/** What a person says yes to: another where a server is defined otherwise, or its environment's file says something else. */
export async function definitionMark(
  definition: McpDefinition,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const { name, how, folder, inputs } = definition;
  const file = await environmentFile(definition, environment);
  const bytes = file === null ? null : await readFile(file).catch(() => null);
  const given = bytes === null ? [] : [createHash("sha256").update(bytes).digest("hex")];
  return createHash("sha256")
    .update(JSON.stringify([name, how, folder, inputs, ...given]))
    .digest("hex");
}
