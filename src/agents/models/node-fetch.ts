import { request as httpRequest, type Agent, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** Limits of one request, milliseconds. */
export interface FetchTimeouts {
  /** Until the connection stands. */
  readonly connectMs: number;
  /** Until the status line: a local model may load its weights first. */
  readonly headersMs: number;
  /** Between two pieces of the body. */
  readonly idleMs: number;
}

export interface NodeFetchOptions {
  /** The limits for an address. */
  readonly timeoutsFor: (url: string) => FetchTimeouts;
  /** Chooses the connection pool, such as one that goes through a proxy; Node's own where left out. */
  readonly agentFor?: (url: URL) => Agent | undefined;
}

/**
 * A `fetch` over `node:http`, for two reasons: Node's built-in one gives up after five minutes without headers unless a
 * second copy of undici is shipped, and an editor patches `node:http` and `node:https` to apply its proxy settings and
 * certificates. Knows what a client of JSON endpoints needs: text bodies, abort, streamed and compressed answers.
 * Redirects are handed back, never followed, so that a key is sent only to the address it was meant for.
 */
export function createNodeFetch(options: NodeFetchOptions): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const body = init?.body ?? undefined;
    if (body !== undefined && typeof body !== "string") {
      throw new TypeError("only text can be sent");
    }
    const headers = Object.fromEntries(new Headers(init?.headers));
    const message = await send({ url, method: init?.method ?? "GET", headers, body }, init?.signal ?? null, options);
    return toResponse(message);
  };
}

interface Outgoing {
  readonly url: URL;
  readonly method: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | undefined;
}

function send(outgoing: Outgoing, signal: AbortSignal | null, options: NodeFetchOptions): Promise<IncomingMessage> {
  signal?.throwIfAborted();
  const { url, method, headers, body } = outgoing;
  const start = url.protocol === "https:" ? httpsRequest : httpRequest;
  const agent = options.agentFor?.(url);
  return new Promise((resolve, reject) => {
    const request = start(url, {
      method,
      headers: {
        ...headers,
        "accept-encoding": "identity",
        ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
      },
      ...(agent === undefined ? {} : { agent }),
    });
    const abort = (): void => void request.destroy(asError(signal?.reason));
    signal?.addEventListener("abort", abort, { once: true });
    request.once("close", () => signal?.removeEventListener("abort", abort));
    const { connectMs, headersMs, idleMs } = options.timeoutsFor(url.href);
    const expire = (what: string): void => void request.destroy(timeoutError(what));
    const connecting = setTimeout(expire, connectMs, `no connection within ${connectMs / 1000} s`);
    const waiting = setTimeout(expire, headersMs, `no answer within ${headersMs / 1000} s`);
    const settle = (): void => {
      clearTimeout(connecting);
      clearTimeout(waiting);
    };
    request.once("socket", (socket) => {
      if (socket.connecting) {
        socket.once("connect", () => clearTimeout(connecting));
      } else {
        clearTimeout(connecting);
      }
    });
    request.on("error", (error) => {
      settle();
      reject(error);
    });
    request.once("response", (message) => {
      settle();
      guardIdle(message, idleMs);
      resolve(message);
    });
    request.end(body);
  });
}

/** Ends an answer that has gone quiet for too long. */
function guardIdle(message: IncomingMessage, idleMs: number): void {
  let timer: NodeJS.Timeout | undefined;
  const restart = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => message.destroy(timeoutError(`nothing came for ${idleMs / 1000} s`)), idleMs);
  };
  restart();
  message.on("data", restart);
  message.pause();
  message.once("close", () => clearTimeout(timer));
  message.once("end", () => clearTimeout(timer));
}

function toResponse(message: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    for (const item of Array.isArray(value) ? value : [value ?? ""]) {
      headers.append(name, item);
    }
  }
  const status = message.statusCode ?? 0;
  if (status < 200 || status > 599) {
    message.destroy();
    throw new Error(`the server answered with the status ${status}`);
  }
  const init = { status, statusText: message.statusMessage ?? "", headers };
  if (status === 204 || status === 205 || status === 304) {
    message.resume();
    return new Response(null, init);
  }
  return new Response(streamOf(message), init);
}

function streamOf(message: IncomingMessage): ReadableStream<Uint8Array> {
  const unpack = decoderFor(message.headers["content-encoding"]);
  if (unpack === null) {
    return Readable.toWeb(message) as ReadableStream<Uint8Array>;
  }
  message.on("error", (error) => unpack.destroy(error));
  unpack.once("close", () => message.destroy());
  return Readable.toWeb(message.pipe(unpack)) as ReadableStream<Uint8Array>;
}

function decoderFor(encoding: string | undefined): Transform | null {
  switch ((encoding ?? "").trim().toLowerCase()) {
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      return null;
  }
}

function timeoutError(what: string): Error {
  return Object.assign(new Error(what), { code: "ETIMEDOUT" });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
