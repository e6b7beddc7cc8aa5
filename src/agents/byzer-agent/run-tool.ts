import { messageOf } from "../base/errors.ts";
import type { ToolCaller, ToolDeclaration, ToolResult } from "./agent-types.ts";

/**
 * Runs a tool that somebody declared. What it throws is told as a failure.
 *
 * @param placeOf Where in their code an error was thrown; empty where nobody knows.
 */
export async function runDeclaredTool(
  tool: ToolDeclaration,
  call: { readonly input: unknown; readonly caller: ToolCaller },
  placeOf: (error: unknown) => string = () => "",
): Promise<ToolResult> {
  try {
    const result: unknown = await tool.run(call.input, call.caller);
    return { text: typeof result === "string" ? result : (JSON.stringify(result) ?? "Done."), failed: false };
  } catch (error) {
    const place = placeOf(error);
    return { text: `${tool.name} failed: ${messageOf(error)}${place === "" ? "" : ` (${place})`}`, failed: true };
  }
}
