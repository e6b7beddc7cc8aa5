import type { HumanInput } from "../ports/human-input.ts";
import type { ModelProvider } from "../ports/chat-model.ts";
import type { ToolApprovals, ToolShelf } from "../ports/tool.ts";

/** What agents elsewhere are given by the window in which a question was asked. */
export interface WindowServices {
  readonly models: ModelProvider;
  readonly shelf: () => ToolShelf;
  readonly approvals: ToolApprovals;
  readonly turnId: () => string;
  /** What an agent with these tools is told of the session. */
  readonly about: (tools: readonly string[], signal: AbortSignal) => Promise<string>;
  readonly humanInput?: HumanInput;
}
