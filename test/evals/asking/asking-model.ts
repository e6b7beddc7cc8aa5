import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { messageOf } from "../../../src/agents/base/errors.ts";
import { type RecordedAnswer } from "../recording.ts";
import { bodyOf, streamAnswer } from "../recorded-model.ts";
import { placeOf } from "../request-place.ts";
import { type AskingCall, requestKey } from "./asking-recording.ts";

/** Takes out of requests what differs from run to run, such as paths, and puts it back into answers. */
export interface Disguise {
  readonly hide: (text: string) => string;
  readonly show: (text: string) => string;
}

/** Where a conversation is held. */
export interface AnswererPlace {
  /** Requests are known as they are where left out. */
  readonly disguise?: Disguise;
  /** Sees every request, as JSON. */
  onRequest?(text: string): void;
  /** Waited for before an answer is given, so that nothing of the next request depends on how fast it comes. */
  settled?(): Promise<void>;
}

/** What stands in for a model in one conversation. */
export interface Answerer {
  readonly recorded: readonly AskingCall[];
  /** Answers what was not recorded; `null` where only recordings are played. */
  readonly live: ((body: object) => Promise<RecordedAnswer>) | null;
  /** Told every call that had an answer, in order. */
  readonly onCall: (call: AskingCall, isNew: boolean) => void;
  /** Told that there was no answer. */
  readonly onMiss: (reason: "not-recorded" | "no-answer", message: string) => void;
  readonly place?: AnswererPlace;
}

/** A running server. */
export interface AskingModel {
  /** The address under which the conversation `id` has its model. */
  baseUrl(id: string): string;
  close(): Promise<void>;
}

/** Serves a model of its own to each conversation, so that it is known whose request it is. */
export async function startAskingModel(answerers: ReadonlyMap<string, Answerer>): Promise<AskingModel> {
  const server = createServer((request, response) => void handle(request, response, answerers));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    baseUrl: (id) => `http://127.0.0.1:${port}/${encodeURIComponent(id)}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  answerers: ReadonlyMap<string, Answerer>,
): Promise<void> {
  const [, id = "", ...rest] = new URL(request.url ?? "/", "http://asking").pathname.split("/");
  const answerer = answerers.get(decodeURIComponent(id));
  if (answerer === undefined || rest.join("/") !== "v1/chat/completions") {
    refuse(response, 404, "This is not served here.");
    return;
  }

  const body = await bodyOf(request);
  answerer.place?.onRequest?.(JSON.stringify(body));
  try {
    await streamAnswer(response, await answerTo(answerer, body), 0);
  } catch (error) {
    answerer.onMiss("no-answer", messageOf(error));
    refuse(response, 400, messageOf(error));
  }
}

/** What was recorded, or is answered now; in that order. */
async function answerTo(answerer: Answerer, body: object): Promise<RecordedAnswer> {
  const { recorded, live, place = {} } = answerer;
  const { hide, show } = place.disguise ?? asItIs;
  const request = requestKey(changed(body, hide));
  const found = recorded.find((call) => call.request === request);
  if (found === undefined && live === null) {
    answerer.onMiss("not-recorded", "");
    return { content: "This request was not recorded.", toolCalls: [] };
  }

  const { questionHash, ordinal } = placeOf(body);
  const answer = changed(found?.answer ?? (await live?.(body)) ?? { content: "", toolCalls: [] }, hide);
  answerer.onCall({ request, questionHash, ordinal, answer }, found === undefined);
  await place.settled?.();
  return changed(answer, show);
}

const asItIs: Disguise = { hide: (text) => text, show: (text) => text };

/** A value with every text in it changed. */
function changed<T>(value: T, change: (text: string) => string): T {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) => (typeof part === "string" ? change(part) : part));
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ error: { message } }));
}
