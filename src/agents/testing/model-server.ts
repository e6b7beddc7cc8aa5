import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isJsonObject, type JsonObject } from "../models/lenient-json.ts";

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  /** Path below the server's root, such as `/v1/chat/completions`. */
  readonly path: string;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  /** The parsed JSON body; `null` without one. */
  readonly body: JsonObject | null;
}

/** One scripted answer, byte for byte where it matters. */
export type ServerAnswer =
  /** A well-formed stream: `chunks` are sent as events, then `[DONE]`. */
  | { readonly type: "stream"; readonly chunks: readonly object[] }
  /** Exactly these bytes as an event stream; `cut` breaks the connection instead of ending it, `hang` keeps it open. */
  | { readonly type: "raw"; readonly pieces: readonly string[]; readonly end?: "cut" | "hang" }
  | {
      readonly type: "body";
      readonly status?: number;
      readonly body: unknown;
      readonly headers?: { readonly [name: string]: string };
    }
  /** The connection is closed without a byte. */
  | { readonly type: "reset" }
  /** Nothing is answered until the client leaves. */
  | { readonly type: "hang" };

/** An answer, or what makes one of the request. */
export type ServerStep = ServerAnswer | ((request: SeenRequest) => ServerAnswer);

/** A real HTTP server on a free port that answers from a script. */
export interface ModelServer {
  /** Such as `http://127.0.0.1:43117/v1`. */
  readonly baseUrl: string;
  readonly requests: readonly SeenRequest[];
  /** Bodies of the chat requests, in order. */
  readonly chats: readonly JsonObject[];
  /** Appends answers to the chat script. */
  expectChat(...steps: readonly ServerStep[]): void;
  /** Resolves when the client has left the connection that hangs. */
  readonly left: Promise<void>;
  /**
   * Stops the server.
   *
   * @throws Error when a chat call came that no answer was scripted for, or a scripted answer was never asked for.
   */
  close(): Promise<void>;
}

export interface ModelServerOptions {
  /** What `GET /v1/models` says; a function sees the request. */
  readonly models?: readonly string[] | ServerStep;
}

/** Starts a server. An unexpected chat call is answered with an error and makes `close` throw. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const script: ServerStep[] = [];
  const requests: SeenRequest[] = [];
  const unexpected: string[] = [];
  const departures = new EventEmitter();
  const left = new Promise<void>((resolve) => {
    departures.once("left", resolve);
  });

  function stepFor(request: SeenRequest): ServerStep {
    if (request.path.endsWith("/models")) {
      return modelsStep(options.models ?? []);
    }
    const step = request.path.endsWith("/chat/completions") ? script.shift() : undefined;
    if (step !== undefined) {
      return step;
    }
    unexpected.push(`${request.method} ${request.path}`);
    return { type: "body", status: 418, body: { error: { message: "this call was not scripted" } } };
  }

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    requests.push(request);
    const step = stepFor(request);
    write(response, typeof step === "function" ? step(request) : step, () => departures.emit("left"));
  }

  const server = createServer((incoming, response) => {
    void answer(incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseUrl: `http://127.0.0.1:${portOf(server)}/v1`,
    requests,
    get chats() {
      return requests.flatMap(({ path, body }) => (path.endsWith("/chat/completions") && body !== null ? [body] : []));
    },
    expectChat: (...steps) => void script.push(...steps),
    left,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (unexpected.length > 0) {
        throw new Error(`calls that were not scripted: ${unexpected.join(", ")}`);
      }
      if (script.length > 0) {
        throw new Error(`${script.length} scripted answers were never asked for`);
      }
    },
  };
}

/** A chunk of a streamed answer with one choice. */
export function chunk(delta: object, finishReason: string | null = null): object {
  return { object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finishReason }] };
}

/** A well-formed streamed answer of the given pieces of text, with a token count. */
export function streamedText(...pieces: readonly string[]): ServerAnswer {
  const usage = { prompt_tokens: 11, completion_tokens: pieces.length };
  return {
    type: "stream",
    chunks: [
      chunk({ role: "assistant", content: "" }),
      ...pieces.map((content) => chunk({ content })),
      chunk({}, "stop"),
      { choices: [], usage },
    ],
  };
}

/** A whole answer, as a request without streaming gets it. */
export function wholeAnswer(message: object, finishReason = "stop"): ServerAnswer {
  return { type: "body", body: { choices: [{ index: 0, message, finish_reason: finishReason }] } };
}

/** An error as OpenAI words it. */
export function apiError(
  status: number,
  message: string,
  more: { readonly code?: string; readonly headers?: { readonly [name: string]: string } } = {},
): ServerAnswer {
  const { code = null, headers = {} } = more;
  return { type: "body", status, headers, body: { error: { message, type: "error", code } } };
}

function modelsStep(models: readonly string[] | ServerStep): ServerStep {
  return "length" in models && typeof models !== "function"
    ? { type: "body", body: { object: "list", data: models.map((id) => ({ id, object: "model" })) } }
    : models;
}

async function readRequest(incoming: IncomingMessage): Promise<SeenRequest> {
  let text = "";
  incoming.setEncoding("utf8");
  for await (const piece of incoming) {
    text += String(piece);
  }
  const value: unknown = text === "" ? null : JSON.parse(text);
  const body = isJsonObject(value) ? value : null;
  return { method: incoming.method ?? "", path: incoming.url ?? "", headers: incoming.headers, body };
}

function write(response: ServerResponse, answer: ServerAnswer, leave: () => void): void {
  switch (answer.type) {
    case "stream":
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const piece of answer.chunks) {
        response.write(`data: ${JSON.stringify(piece)}\n\n`);
      }
      response.end("data: [DONE]\n\n");
      return;
    case "raw":
      void writeRaw(response, answer, leave);
      return;
    case "body": {
      const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
      const type = typeof answer.body === "string" ? "text/html" : "application/json";
      response.writeHead(answer.status ?? 200, { "content-type": type, ...answer.headers });
      response.end(text);
      return;
    }
    case "reset":
      response.socket?.resetAndDestroy();
      return;
    case "hang":
      response.once("close", leave);
  }
}

async function writeRaw(
  response: ServerResponse,
  answer: Extract<ServerAnswer, { type: "raw" }>,
  leave: () => void,
): Promise<void> {
  response.once("close", leave);
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
  for (const piece of answer.pieces) {
    // oxlint-disable-next-line no-await-in-loop -- the pieces go out one after the other
    await new Promise<void>((resolve) => response.write(piece, () => resolve()));
  }
  if (answer.end === "cut") {
    response.socket?.destroy();
  } else if (answer.end === undefined) {
    response.end();
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the server has no port");
  }
  return address.port;
}
