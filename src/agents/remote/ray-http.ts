import { type Agent, type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { AgentError, messageOf } from "../base/errors.ts";

/** Until a connection stands, milliseconds. */
const connectTimeoutMs = 8000;
/** Until the answer is complete, milliseconds, where a request says nothing else. */
const answerTimeoutMs = 30_000;
const answerLimitBytes = 64 * 1024 * 1024;

/** Where requests go, and how. */
export interface RayHttpOptions {
  /** Such as `http://10.0.0.4:8265`; no slash at its end. */
  readonly address: string;
  /** Sent as `Authorization: Bearer`, read at each request; `null` for none. */
  readonly token: () => Promise<string | null>;
  /** Where a person has put the token, for a sentence; asked when it was refused. */
  readonly tokenSource?: (() => string | undefined) | undefined;
  /** The pool to connect through; Node's own where left out. */
  readonly agentFor?: ((url: URL) => Agent | undefined) | undefined;
}

export interface RayRequest {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** Begins with a slash. */
  readonly path: string;
  readonly body?: Buffer | object;
  readonly timeoutMs?: number;
}

export interface RayAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Sends one request. It goes over `node:http`, since Ray takes what `fetch` sends for a browser's and refuses it, and
 * since an editor applies its proxy settings there. Redirects are not followed, so that the token goes nowhere else.
 *
 * @returns The answer, whatever its status, but for those below.
 * @throws AgentError `remote.unreachable`, `remote.timeout`, `remote.token-missing` (401), `remote.token-wrong` (403),
 * `remote.not-ray` (405, or a redirect)
 */
export async function rayRequest(
  options: RayHttpOptions,
  request: RayRequest,
  signal: AbortSignal,
): Promise<RayAnswer> {
  const token = await options.token();
  const answer = await send(options, { ...request, token }, signal);
  refuse(options, answer, token !== null);
  return answer;
}

function refuse({ address, tokenSource }: RayHttpOptions, { status, text }: RayAnswer, hasToken: boolean): void {
  if (hasToken && (status === 401 || status === 403)) {
    const source = tokenSource?.();
    const from = source === undefined ? "" : ` It was taken from ${source}.`;
    const message = `The cluster at ${address} does not accept this token.${from}`;
    throw new AgentError("remote.token-wrong", { address }, message);
  }
  if (status === 401 || status === 403) {
    const message = `The cluster at ${address} wants a token. Give the one that it was started with (RAY_AUTH_TOKEN, or the file ~/.ray/auth_token on its head).`;
    throw new AgentError("remote.token-missing", { address }, message);
  }
  if (status === 405 || (status >= 300 && status < 400)) {
    const reason = status === 405 ? `it refuses this request: ${text.slice(0, 200)}` : "it leads elsewhere";
    const message = `What answers at ${address} cannot be used as a Ray cluster: ${reason}. Give the address of Ray's dashboard itself.`;
    throw new AgentError("remote.not-ray", { address, reason }, message);
  }
}

function send(
  options: RayHttpOptions,
  request: RayRequest & { readonly token: string | null },
  signal: AbortSignal,
): Promise<RayAnswer> {
  signal.throwIfAborted();
  const { address, agentFor } = options;
  const url = new URL(address + request.path);
  const start = url.protocol === "https:" ? httpsRequest : httpRequest;
  const { headers, content } = contentOf(request);
  const timeoutMs = request.timeoutMs ?? answerTimeoutMs;
  const agent = agentFor?.(url);
  return new Promise((resolve, reject) => {
    const outgoing = start(url, { method: request.method, headers, signal, ...(agent === undefined ? {} : { agent }) });
    const expire = (what: string, ms: number): void => {
      const message = `${address} did not answer within ${ms / 1000} seconds (${what}).`;
      outgoing.destroy(new AgentError("remote.timeout", { address, what, seconds: ms / 1000 }, message));
    };
    const connecting = setTimeout(expire, connectTimeoutMs, "no connection", connectTimeoutMs);
    const answering = setTimeout(expire, timeoutMs, `${request.method} ${request.path}`, timeoutMs);
    outgoing.once("socket", (socket) => {
      if (socket.connecting) {
        socket.once("connect", () => clearTimeout(connecting));
      } else {
        clearTimeout(connecting);
      }
    });
    outgoing.once("close", () => {
      clearTimeout(connecting);
      clearTimeout(answering);
    });
    const fail = (error: unknown): void => reject(signal.aborted ? signal.reason : explained(address, error));
    outgoing.on("error", fail);
    outgoing.on("response", (response) => {
      readAll(response).then(resolve, fail);
    });
    outgoing.end(content);
  });
}

function contentOf({ body, token }: RayRequest & { readonly token: string | null }) {
  const content = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const type = Buffer.isBuffer(body) ? "application/octet-stream" : "application/json";
  const headers = {
    accept: "application/json",
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(content === undefined ? {} : { "content-type": type, "content-length": content.length }),
  };
  return { headers, content };
}

async function readAll(response: IncomingMessage): Promise<RayAnswer> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of response) {
    const bytes = Buffer.from(piece);
    sizeBytes += bytes.length;
    if (sizeBytes > answerLimitBytes) {
      throw new RangeError(`an answer of more than ${answerLimitBytes} bytes`);
    }
    pieces.push(bytes);
  }
  return { status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString("utf8") };
}

function explained(address: string, error: unknown): AgentError {
  if (error instanceof AgentError) {
    return error;
  }
  const reason = reasonOf(error);
  const message = `Nothing of Ray answers at ${address}: ${reason}. Is Ray running there, and can its dashboard's port be reached from here?`;
  return new AgentError("remote.unreachable", { address, reason }, message, error);
}

/** A host with several addresses fails once for each. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return reasonOf(error.errors[0]);
  }
  return messageOf(error) === "" ? "no connection" : messageOf(error);
}
