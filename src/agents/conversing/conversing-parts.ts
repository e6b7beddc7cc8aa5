import type { DirectoryEntry } from "../directory/agent-directory.ts";
import type { ModelProvider } from "../ports/chat-model.ts";
import type { HumanInput } from "../ports/human-input.ts";
import type { ToolApprovals, ToolShelf } from "../ports/tool.ts";
import type { Message } from "../protocol/message.ts";

/** What agents of a person's own need from the session that hosts them. */
export interface ConversingParts {
  readonly models: ModelProvider;
  /** Tools of servers, extensions and code, and those that read files. */
  readonly shelf: () => ToolShelf;
  readonly approvals: ToolApprovals;
  readonly turnId: () => string;
  /** Who bears a name now; `undefined` for agents that are not in the directory. */
  readonly find: (name: string) => DirectoryEntry | undefined;
  /** When to choose an agent, whoever it is; empty where nothing is known of it. */
  readonly purposeOf: (name: string) => string;
  /** What an agent is told of the session before the question, by the tools that it has; empty for nothing. */
  readonly about: (tools: readonly string[], signal: AbortSignal) => Promise<string>;
  /** Everything that an agent exchanged with others in earlier questions, oldest first. */
  readonly remembered: (agent: string) => readonly Message[];
  /** The system message that the person gave an agent for this session; `null` for its own. */
  readonly edited: (agent: string) => string | null;
  readonly humanInput?: HumanInput;
  /** Models that were seen to be unable to call tools; kept as long as the session is open. */
  readonly toolless: Set<string>;
}
