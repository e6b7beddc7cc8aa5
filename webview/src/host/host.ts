import * as z from "zod/mini";
import {
  type Params,
  type Push,
  type RequestName,
  type Result,
  answerFrameSchema,
  pushSchema,
} from "../../../src/agents/protocol/page.ts";
import type { Problem } from "../../../src/agents/protocol/problem.ts";

// The policy of the page forbids evaluation; without this the validator would try it once.
z.config({ jitless: true });

/** The handle that the editor gives to a page, once. */
export interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** A request that was answered with a problem. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** What the page asks of the extension, and hears from it. */
export interface Host {
  /** @throws {RequestError} when the extension answers with a problem. */
  request<R extends RequestName>(name: R, params: Params<R>): Promise<Result<R>>;
  /** Hears every push from now on. Returns what stops it. */
  onPush(listener: (push: Push) => void): () => void;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: RequestError): void;
}

/** The host over the editor's message channel. */
export function createHost(api: EditorApi): Host {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(push: Push) => void>();
  let lastId = 0;

  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const answer = answerFrameSchema.safeParse(event.data);
    if (answer.success) {
      settle(waiting, answer.data);
      return;
    }

    const push = readPush(event.data);
    if (push !== null) {
      for (const listener of listeners) {
        listener(push);
      }
    }
  });

  return {
    request<R extends RequestName>(name: R, params: Params<R>): Promise<Result<R>> {
      lastId += 1;
      const id = lastId;
      return new Promise<Result<R>>((resolve, reject) => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the extension answers by the same table
        waiting.set(id, { resolve: (result) => resolve(result as Result<R>), reject });
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- the editor's channel, not a window
        api.postMessage({ id, name, params });
      });
    },
    onPush(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function settle(waiting: Map<number, Waiting>, answer: z.infer<typeof answerFrameSchema>): void {
  const request = waiting.get(answer.id);
  waiting.delete(answer.id);
  if (answer.problem === undefined) {
    request?.resolve(answer.result ?? {});
  } else {
    request?.reject(new RequestError(answer.problem));
  }
}

/**
 * Reads a push. Events come from the extension's own reducer path, thousands at a time, so of those only the frame is
 * looked at; everything else is validated whole. `null` for anything that is no push.
 */
export function readPush(data: unknown): Push | null {
  if (typeof data !== "object" || data === null || !("kind" in data)) {
    return null;
  }

  if ((data.kind === "session" || data.kind === "events") && "events" in data && Array.isArray(data.events)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- looked at above, as far as it pays
    return data as Push;
  }

  const parsed = pushSchema.safeParse(data);
  return parsed.success ? parsed.data : null;
}
