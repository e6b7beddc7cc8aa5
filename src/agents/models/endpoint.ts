import type { APIError, OpenAI } from "openai";
import { isLocalAddress } from "./base-url.ts";
import { createNodeFetch, type FetchTimeouts } from "./node-fetch.ts";
import type { ChatBody } from "./request-body.ts";
import { failureOfBody, failureOfError, type RequestFailure } from "./request-failure.ts";

/** An address, how its key is read, and what carries the requests. */
export interface EndpointOptions {
  /** Normalised: see `normalizeBaseUrl`. */
  readonly baseUrl: string;
  /** Reads the key when a request is sent; `null` for none. The key is never kept. */
  readonly readKey: () => Promise<string | null>;
  /** Carries the requests; {@link createNodeFetch} with {@link timeoutsFor} where left out. */
  readonly fetch?: typeof fetch;
  /** Milliseconds since 1970; the system's clock where left out. */
  readonly now?: () => number;
}

/** What a request came to. */
export type EndpointResult =
  | { readonly ok: true; readonly response: Response }
  | { readonly ok: false; readonly failure: RequestFailure };

/** One OpenAI-compatible address. */
export interface Endpoint {
  readonly baseUrl: string;
  /** Sends one chat request, once. Abort rejects with the signal's reason. */
  chat(body: ChatBody, signal: AbortSignal): Promise<EndpointResult>;
  /** Sends a request to another path of the address, or to another address of the same server, once. */
  post(path: string, body: { readonly [name: string]: unknown }, signal: AbortSignal): Promise<EndpointResult>;
  /** Asks for the list of models, once. `anonymous`: without the key. */
  models(signal: AbortSignal, anonymous?: boolean): Promise<EndpointResult>;
  /** The failure behind an error thrown while an answer was read. */
  failureOf(error: unknown): Promise<RequestFailure>;
  /** The failure reported by a body, such as an error object inside a stream. */
  failureOfAnswer(status: number | null, body: unknown, headers?: Headers): Promise<RequestFailure>;
  hasKey(): Promise<boolean>;
}

/** Limits that let a local model load its weights and think: an hour to the first byte; ten minutes elsewhere. */
export function timeoutsFor(baseUrl: string): FetchTimeouts {
  const local = isLocalAddress(baseUrl);
  return {
    connectMs: local ? 10_000 : 20_000,
    headersMs: local ? 3_600_000 : 600_000,
    idleMs: local ? 1_800_000 : 300_000,
  };
}

/** Opens an endpoint; loads the `openai` package at its first request. */
export function openEndpoint(options: EndpointOptions): Endpoint {
  const { baseUrl, readKey } = options;
  const now = options.now ?? Date.now;
  const carrier = options.fetch ?? createNodeFetch({ timeoutsFor });
  const secrets = async (): Promise<readonly string[]> => {
    const key = await readKey();
    return key === null || key === "" ? [] : [key];
  };

  async function request(
    start: (client: OpenAI) => { asResponse(): Promise<Response> },
    signal: AbortSignal,
    anonymous: boolean,
  ): Promise<EndpointResult> {
    signal.throwIfAborted();
    const { OpenAI: Client, APIError: ApiError } = await import("./openai-package.ts");
    const [key] = anonymous ? [] : await secrets();
    signal.throwIfAborted();
    const headersMs = timeoutsFor(baseUrl).headersMs;
    try {
      const client = new Client(clientOptions({ baseUrl, key, carrier, headersMs }));
      return { ok: true, response: await start(client).asResponse() };
    } catch (error) {
      signal.throwIfAborted();
      const hidden = await secrets();
      const refused = error instanceof ApiError && error.status !== undefined;
      return { ok: false, failure: refused ? failureOfApiError(error, now(), hidden) : failureOfError(error, hidden) };
    }
  }

  return {
    baseUrl,
    chat: (body, signal) =>
      request((client) => client.post("/chat/completions", { body, signal, stream: body.stream }), signal, false),
    post: (path, body, signal) => request((client) => client.post(path, { body, signal }), signal, false),
    models: (signal, anonymous = false) => request((client) => client.get("/models", { signal }), signal, anonymous),
    failureOf: async (error) => failureOfError(error, await secrets()),
    failureOfAnswer: async (status, body, headers) =>
      failureOfBody({ status, body, now: now(), ...(headers === undefined ? {} : { headers }) }, await secrets()),
    hasKey: async () => (await secrets()).length > 0,
  };
}

/** Every option that the package would otherwise read from the environment is given, so that no key strays. */
function clientOptions(own: {
  readonly baseUrl: string;
  readonly key: string | undefined;
  readonly carrier: typeof fetch;
  readonly headersMs: number;
}): ConstructorParameters<typeof OpenAI>[0] {
  return {
    baseURL: own.baseUrl,
    apiKey: own.key ?? "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    // The carrier knows why it gave up: it comes first.
    timeout: own.headersMs + 60_000,
    logLevel: "off",
    fetch: own.carrier,
    ...(own.key === undefined ? { defaultHeaders: { authorization: null } } : {}),
  };
}

function failureOfApiError(error: APIError, now: number, hidden: readonly string[]): RequestFailure {
  const headers = error.headers;
  const prefix = `${error.status} `;
  const text = error.message.startsWith(prefix) ? error.message.slice(prefix.length) : error.message;
  const body: unknown = error.error ?? (text === "status code (no body)" ? "" : text);
  return failureOfBody(
    { status: error.status ?? null, body, now, ...(headers === undefined ? {} : { headers }) },
    hidden,
  );
}
