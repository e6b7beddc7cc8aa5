import type {
  ModelState,
  NamedAgent,
  PageSettings,
  Push,
  PythonState,
  SessionSummary,
} from "../../../src/agents/protocol/page.ts";
import type { ClusterState } from "../../../src/agents/protocol/cluster-state.ts";
import type { Problem } from "../../../src/agents/protocol/problem.ts";
import type { ClusterPlace } from "../../../src/agents/protocol/run-place.ts";
import type { SessionEvent } from "../../../src/agents/protocol/session-event.ts";
import { type Session, emptySession, reduceSession } from "../../../src/agents/protocol/session-state.ts";
import type { Store } from "./store.ts";

/** Everything that the page shows, and nothing that only one component needs. */
export interface PageState {
  /** `null` until the extension has spoken. */
  readonly settings: PageSettings | null;
  readonly session: Session;
  readonly sessions: readonly SessionSummary[];
  /** `null` until looked for. */
  readonly models: ModelState | null;
  readonly python: PythonState | null;
  /** The cluster of the workspace, and how much of it was chosen last; `null` until told. */
  readonly cluster: { readonly state: ClusterState; readonly last: ClusterPlace } | null;
  /** Who may be called by name besides the agents of the product. */
  readonly agents: readonly NamedAgent[];
  readonly view: "chat" | "sessions";
  /** The turn to go to; `null` once it is in view. */
  readonly turnToShow: string | null;
  readonly draft: string;
  /** Counts requests to put the focus into the composer. */
  readonly focusRequests: number;
  /** Counts requests to open the model picker. */
  readonly pickerRequests: number;
  /** Whether a question was to be sent while no model was connected; said until one is. */
  readonly modelLacked: boolean;
  /** The last request that failed, until it is dismissed. */
  readonly problem: Problem | null;
}

export const initialPageState: PageState = {
  settings: null,
  session: emptySession,
  sessions: [],
  models: null,
  python: null,
  cluster: null,
  agents: [],
  view: "chat",
  turnToShow: null,
  draft: "",
  focusRequests: 0,
  pickerRequests: 0,
  modelLacked: false,
  problem: null,
};

/** Folds pushes into the store: events of one frame together, everything else at once. */
export function createPushReceiver(
  store: Store<PageState>,
  nextFrame: (run: () => void) => void,
): (push: Push) => void {
  let queue: SessionEvent[] = [];
  const flush = (): void => {
    const events = queue;
    queue = [];
    if (events.length > 0) {
      store.set({ session: events.reduce(reduceSession, store.get().session) });
    }
  };
  return (push) => {
    switch (push.kind) {
      case "session":
        queue = [];
        store.set({ settings: push.settings, session: push.events.reduce(reduceSession, emptySession) });
        return;
      case "events":
        if (push.sessionId !== store.get().session.id) {
          return;
        }

        if (queue.length === 0) {
          nextFrame(flush);
        }

        queue.push(...push.events);
        return;
      case "sessions":
        return store.set({ sessions: push.sessions });
      case "models":
        return store.set({ models: push.state, modelLacked: store.get().modelLacked && !hasModel(push.state) });
      case "python":
        return store.set({ python: push.state });
      case "cluster":
        return store.set({ cluster: { state: push.state, last: push.last } });
      case "agents":
        return store.set({ agents: push.agents });
      case "compose":
        return store.set({
          view: "chat",
          draft: push.text === "" ? store.get().draft : push.text,
          focusRequests: store.get().focusRequests + 1,
        });
      case "turn":
        return store.set({ view: "chat", turnToShow: push.turnId });
      case "view":
        return store.set({ view: push.view });
    }
  };
}

/** Whether a turn of the session is running. */
export function isRunning(session: Session): boolean {
  return session.turns.at(-1)?.status === "running";
}

/** Whether a model is chosen that can be asked. */
export function hasModel(models: ModelState | null): models is ModelState {
  return (models?.choice ?? null) !== null;
}

/**
 * Whether a question may be sent: a model is there, or passages of the files that are asked about are the answer, or the
 * agent that is called answers without one.
 */
export function canAnswer(
  { models, session, agents }: Pick<PageState, "models" | "session" | "agents">,
  called: string | null = null,
): boolean {
  const answersAlone = agents.some(({ name, needsModel }) => name === called && !needsModel);
  return hasModel(models) || answersAlone || (session.sources.length > 0 && session.files.length === 0);
}
