import type { Reply } from "../core/reply.ts";
import type { ModelTool } from "../ports/chat-model.ts";
import type { Tool, ToolResult } from "../ports/tool.ts";

/** What came of a call: something for the model to go on with, or the end of the answer. */
export type ToolOutcome =
  | ({ readonly kind: "result" } & ToolResult)
  | { readonly kind: "reply"; readonly reply: Reply };

/** A tool as it is offered to a model for one message. */
export interface OfferedTool {
  /** As the model sees it. */
  readonly tool: ModelTool;
  /** What people and files call it, where a model could not. */
  readonly called?: string;
  readonly origin: string;
  readonly effect: Tool["effect"];
  /** Whether the call is shown; not for tools whose effect is seen otherwise, such as a cell. */
  readonly isShown: boolean;
  /** @param input Parsed and checked. @throws what ends the answer. */
  run(input: unknown, signal: AbortSignal): Promise<ToolOutcome>;
}

/** A result for the model. */
export function result(text: string, failed = false): ToolOutcome {
  return { kind: "result", text, failed };
}

/** Tools of the shelf, offered to one agent. */
export function shelfTools(tools: readonly Tool[], agent: string): readonly OfferedTool[] {
  const taken = new Set(tools.map(({ name }) => name).filter((name) => callable.test(name)));
  return tools.map((tool) => {
    const { name, description, parameters, origin, effect } = tool;
    const model = callable.test(name) ? name : callableName(name, taken);
    taken.add(model);
    return {
      tool: { name: model, description, parameters },
      ...(model === name ? {} : { called: name }),
      origin,
      effect,
      isShown: true,
      run: async (input, signal) => ({ kind: "result", ...(await tool.run(input, { agent, signal })) }),
    };
  });
}

/** What servers of models take for the name of a tool. */
const callable = /^[\w-]{1,64}$/;

/** A name that a model can call; one that is taken gets a number. */
function callableName(name: string, taken: ReadonlySet<string>): string {
  const plain = name.replaceAll(/[^\w-]+/g, "_");
  let found = plain.slice(0, 64);
  for (let count = 2; taken.has(found); count += 1) {
    found = `${plain.slice(0, 60)}_${count}`;
  }

  return found;
}
