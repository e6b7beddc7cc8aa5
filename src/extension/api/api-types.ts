import type { AgentDeclaration, AgentMessage, ToolDeclaration } from "../../agents/byzer-agent/agent-types.ts";

/** Takes back what was registered. */
export interface ApiDisposable {
  dispose(): void;
}

/** Who registers something: `context.extension`. */
export interface ApiExtension {
  /** Such as `publisher.name`. */
  readonly id: string;
}

export interface ApiSendOptions {
  /** Stops the answer. */
  readonly signal?: AbortSignal;
}

/**
 * What Byzer Agent's `activate()` returns:
 * `await vscode.extensions.getExtension("byzer.byzer-agent").activate()`.
 */
export interface ByzerAgentApi {
  /** Raised when something here stops working as it did. */
  readonly version: 1;
  /**
   * Registers an agent. It runs in the code of its extension and answers as `@name`.
   *
   * @throws TypeError where it has no name, or is no agent at all. What else is wrong with it is shown beside it.
   */
  readonly registerAgent: (
    extension: ApiExtension,
    agent: AgentDeclaration & { readonly name: string },
  ) => ApiDisposable;
  /**
   * Registers a tool, for any agent that names it.
   *
   * @throws TypeError where it has no name or nothing to run.
   */
  readonly registerTool: (extension: ApiExtension, tool: ToolDeclaration) => ApiDisposable;
  /**
   * Asks an agent of the workspace, in the session that is shown, where the person sees question and answer and can stop
   * it. A session that answers already is waited for.
   *
   * @returns The answer; `null` where none was given.
   * @throws Error that says what went wrong; an `AbortError` after a stop.
   */
  readonly send: (
    extension: ApiExtension,
    to: string,
    content: string,
    options?: ApiSendOptions,
  ) => Promise<AgentMessage | null>;
  /** Hears every message between agents of this window's sessions that is not silent, answers included, in order. */
  readonly onMessage: (listener: (message: AgentMessage) => void) => ApiDisposable;
}
