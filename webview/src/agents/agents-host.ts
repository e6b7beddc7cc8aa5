import { type AgentsPush, type AgentsRequest, agentsPushSchema } from "../../../src/agents/protocol/agents-page.ts";
import type { EditorApi } from "../host/host.ts";

/** The extension, as the page with the agents of a session sees it. */
export interface AgentsHost {
  say(request: AgentsRequest): void;
  /** What the page was at, kept while it is hidden. */
  readonly kept: unknown;
  keep(state: unknown): void;
}

/** The extension over the editor's message channel. */
export function createAgentsHost(api: EditorApi, onPush: (push: AgentsPush) => void): AgentsHost {
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const push = agentsPushSchema.safeParse(event.data);
    if (push.success) {
      onPush(push.data);
    }
  });
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- the editor's own channel takes none
    say: (request) => api.postMessage(request),
    kept: api.getState(),
    keep: (state) => api.setState(state),
  };
}
