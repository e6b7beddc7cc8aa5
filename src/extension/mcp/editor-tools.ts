import { CancellationTokenSource, LanguageModelTextPart, lm } from "vscode";
import { messageOf } from "../../agents/base/errors.ts";
import type { Tool, ToolCaller, ToolResult } from "../../agents/ports/tool.ts";

/** The tools that the editor knows, of its own MCP servers and of other extensions, as `editor:NAME`. Each call asks. */
export function editorTools(): readonly Tool[] {
  return lm.tools.map(({ name, description, inputSchema }) => ({
    name: `editor:${name}`,
    description,
    parameters: { type: "object", ...inputSchema },
    origin: "editor",
    effect: "acts",
    run: (input, caller) => invoke(name, input, caller),
  }));
}

async function invoke(name: string, input: unknown, { signal }: ToolCaller): Promise<ToolResult> {
  const cancellation = new CancellationTokenSource();
  const cancel = (): void => cancellation.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const options = { input: { ...Object(input) }, toolInvocationToken: undefined };
    const { content } = await lm.invokeTool(name, options, cancellation.token);
    const parts = content.map((part) =>
      part instanceof LanguageModelTextPart ? part.value : "[something that cannot be shown as text]",
    );
    return { text: parts.join("\n\n"), failed: false };
  } catch (error) {
    signal.throwIfAborted();
    return { text: messageOf(error), failed: true };
  } finally {
    signal.removeEventListener("abort", cancel);
    cancellation.dispose();
  }
}
