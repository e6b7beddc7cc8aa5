import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AgentError, type ErrorCode } from "../../src/agents/base/errors.ts";
import { createEndpointMemory, type EndpointMemory } from "../../src/agents/models/endpoint-memory.ts";
import { createOpenAiChatModel } from "../../src/agents/models/openai-chat-model.ts";
import type { ChatModel, ModelEvent, ModelRequest } from "../../src/agents/ports/chat-model.ts";
import {
  apiError,
  chunk,
  startModelServer,
  streamedText,
  wholeAnswer,
  type ModelServer,
  type ServerAnswer,
  type ServerStep,
} from "../../src/agents/testing/model-server.ts";

type EndEvent = Extract<ModelEvent, { type: "end" }>;

const key = "sk-the-secret-key-0123456789";
const hello: ModelRequest = { messages: [{ role: "user", content: "Hello" }] };
const tool = { name: "run_python", description: "Runs code.", parameters: { type: "object", properties: {} } };
const withTools: ModelRequest = { ...hello, tools: [tool] };

let server: ModelServer;
let memory: EndpointMemory;
let waits: number[];
let models: readonly string[] | ServerStep = ["m"];

beforeEach(async () => {
  memory = createEndpointMemory();
  waits = [];
  models = ["m"];
  server = await startModelServer({
    models: (request) => {
      if (typeof models === "function") {
        return models(request);
      }
      return "type" in models ? models : { type: "body", body: { data: models.map((id) => ({ id })) } };
    },
  });
});

afterEach(() => server.close());

function client(more: { readonly baseUrl?: string; readonly key?: string | null } = {}): ChatModel {
  return createOpenAiChatModel({
    baseUrl: more.baseUrl ?? server.baseUrl,
    readKey: () => Promise.resolve(more.key === undefined ? key : more.key),
    model: "m",
    memory,
    wait: (delayMs, signal) => {
      signal.throwIfAborted();
      waits.push(delayMs);
      return Promise.resolve();
    },
    now: () => Date.parse("2026-01-01T00:00:00Z"),
  });
}

async function ask(request: ModelRequest = hello, model = client()): Promise<{ events: ModelEvent[]; end: EndEvent }> {
  const events: ModelEvent[] = [];
  for await (const event of model.complete(request, new AbortController().signal)) {
    events.push(event);
  }
  const end = events.at(-1);
  if (end?.type !== "end") {
    throw new Error("no end came");
  }
  expect(events.filter(({ type }) => type === "end")).toHaveLength(1);
  return { events, end };
}

async function fail<C extends ErrorCode>(code: C, request: ModelRequest = hello, model = client()) {
  const error: unknown = await ask(request, model).then(
    ({ end }) => new Error(`it answered: ${end.text}`),
    (reason: unknown) => reason,
  );
  if (!AgentError.is(error, code)) {
    throw new Error(`expected ${code}`, { cause: error });
  }
  expect(inspect(error, { depth: 9 }) + String(error)).not.toContain(key);
  return error;
}

function raw(...pieces: readonly string[]): ServerAnswer {
  return { type: "raw", pieces };
}

function data(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

/** Two calls: the first is refused once. */
async function learns(refusal: ServerAnswer, request: ModelRequest): Promise<readonly EndEvent[]> {
  server.expectChat(refusal, streamedText("one"), streamedText("two"));
  return [(await ask(request)).end, (await ask(request)).end];
}

/** Aborts at the first text, or once a request that hangs has arrived; gives back what the call rejected with. */
async function abortDuring(answer: ServerAnswer, request: ModelRequest = hello): Promise<unknown> {
  const controller = new AbortController();
  server.expectChat(answer);
  const run = async (): Promise<void> => {
    for await (const event of client().complete(request, controller.signal)) {
      if (event.type === "text") {
        controller.abort(new Error("stopped"));
      }
    }
  };
  const failed = run().catch((reason: unknown) => reason);
  if (answer.type === "hang") {
    await expect.poll(() => server.chats.length).toBe(1);
    controller.abort(new Error("stopped"));
  }
  const error = await failed;
  await server.left;
  return error;
}

describe("a good answer", () => {
  test("streams, counts tokens, and asks for what it should", async () => {
    server.expectChat(streamedText("Hel", "lo"));
    const { events, end } = await ask({ ...withTools, maxTokens: 50, temperature: 0 });
    expect(events.filter(({ type }) => type === "text")).toHaveLength(2);
    expect(end).toEqual({
      type: "end",
      text: "Hello",
      toolCalls: [],
      finishReason: "stop",
      usage: { promptTokens: 11, completionTokens: 2, estimated: false },
      repairs: [],
    });
    expect(server.chats[0]).toEqual({
      model: "m",
      messages: [{ role: "user", content: "Hello" }],
      stream: true,
      stream_options: { include_usage: true },
      tools: [{ type: "function", function: tool }],
      parallel_tool_calls: false,
      temperature: 0,
      max_tokens: 50,
    });
    expect(server.requests[0]?.headers["authorization"]).toBe(`Bearer ${key}`);
  });

  test("without a key sends no authorization, whatever the environment holds", async () => {
    process.env["OPENAI_API_KEY"] = "sk-of-somebody-else";
    try {
      server.expectChat(streamedText("ok"));
      await ask(hello, client({ key: null }));
    } finally {
      delete process.env["OPENAI_API_KEY"];
    }
    expect(server.requests[0]?.headers["authorization"]).toBeUndefined();
  });

  test("a conversation with tool calls and a picture goes out as the protocol wants it", async () => {
    server.expectChat(streamedText("ok"));
    await ask({
      messages: [
        { role: "system", content: "s" },
        { role: "user", content: "u", images: [{ mime: "image/png", base64: "AAAA" }] },
        { role: "assistant", content: "", toolCalls: [{ id: "c1", name: "run_python", arguments: "{}" }] },
        { role: "tool", toolCallId: "c1", content: "3" },
      ],
    });
    expect(server.chats[0]?.["messages"]).toEqual([
      { role: "system", content: "s" },
      {
        role: "user",
        content: [
          { type: "text", text: "u" },
          { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
        ],
      },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "c1", type: "function", function: { name: "run_python", arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: "c1", content: "3" },
    ]);
  });

  test("usage is estimated where the server does not count", async () => {
    server.expectChat({ type: "stream", chunks: [chunk({ content: "自然灾害" }, "stop")] });
    expect((await ask()).end.usage).toEqual({ promptTokens: 6, completionTokens: 4, estimated: true });
  });
});

describe("streams as they come", () => {
  test("a missing finish reason, role, index and id", async () => {
    const call = { tool_calls: [{ function: { name: "run_python", arguments: '{"a":1}' } }] };
    server.expectChat(raw(data({ choices: [{ delta: call }] }), "data: [DONE]\n\n"));
    const { end } = await ask(withTools);
    expect(end.toolCalls).toMatchObject([{ name: "run_python", arguments: '{"a":1}' }]);
    expect(end).toMatchObject({ finishReason: "tool-calls", repairs: ["no finish reason was sent"] });
  });

  test("a missing end mark, keep-alives and CRLF", async () => {
    server.expectChat(raw(": ping\r\n\r\n", `data:${JSON.stringify(chunk({ content: "x" }, "stop"))}\r\n\r\n`));
    expect((await ask()).end).toMatchObject({ text: "x", finishReason: "stop" });
  });

  test("one JSON answer where a stream was asked for, remembered for the next call", async () => {
    server.expectChat(wholeAnswer({ content: "one" }), wholeAnswer({ content: "two" }));
    expect((await ask()).end.text).toBe("one");
    expect((await ask()).end.text).toBe("two");
    expect(server.chats.map((body) => body["stream"])).toEqual([true, false]);
  });

  test("a stream cut in the middle keeps the text so far", async () => {
    server.expectChat({ type: "raw", pieces: [data(chunk({ content: "The answer is" })), 'data: {"cho'], end: "cut" });
    expect((await fail("model.cut")).details).toMatchObject({ text: "The answer is" });
  });

  test("a stream that ends politely in the middle is cut, too", async () => {
    server.expectChat(raw(data(chunk({ content: "The answer is" })), 'data: {"cho'));
    expect((await fail("model.cut")).details.text).toBe("The answer is");
  });

  test("a stream cut after its finish reason is whole", async () => {
    server.expectChat({ type: "raw", pieces: [data(chunk({ content: "all" }, "stop"))], end: "cut" });
    expect((await ask()).end.text).toBe("all");
  });

  test("malformed JSON before anything was shown is asked for again, without streaming", async () => {
    server.expectChat(raw("data: {oops}\n\n", data(chunk({ content: "x" }, "stop"))), wholeAnswer({ content: "fine" }));
    const { end } = await ask();
    expect(end.text).toBe("fine");
    expect(end.repairs[0]).toContain("could not be read");
    expect(server.chats.map((body) => body["stream"])).toEqual([true, false]);
  });

  test("malformed JSON after text was shown is an error", async () => {
    const good = data(chunk({ content: "x" }));
    server.expectChat(raw(good, "data: {oops}\n\n", good, "data: [DONE]\n\n"));
    await fail("model.malformed");
  });

  test("an answer that stays malformed is an error", async () => {
    server.expectChat(raw("data: {oops}\n\n", "data: [DONE]\n\n"), {
      type: "body",
      body: "not JSON",
      headers: { "content-type": "application/json" },
    });
    await fail("model.malformed");
  });

  test("an error object in the stream counts like a status when nothing has come", async () => {
    server.expectChat(raw(data({ error: { message: "Slow down", code: 429 } })), streamedText("ok"));
    const { events } = await ask();
    expect(events[0]).toMatchObject({ type: "waiting", reason: "rate-limited" });
  });

  test("an error object after text cuts the answer and says why", async () => {
    server.expectChat(raw(data(chunk({ content: "x" })), data({ error: { message: "worker died" } })));
    expect((await fail("model.cut")).message).toContain("worker died");
  });
});

describe("empty answers", () => {
  test("an empty turn is asked for once more without streaming; both are paid for", async () => {
    const call = { id: "c", type: "function", function: { name: "run_python", arguments: "{}" } };
    server.expectChat(streamedText(), wholeAnswer({ content: null, tool_calls: [call] }, "tool_calls"));
    const { end } = await ask(withTools);
    expect(end.toolCalls).toEqual([{ id: "c", name: "run_python", arguments: "{}" }]);
    expect(end.repairs).toEqual(["the first answer was empty; it was asked for again"]);
    expect(end.usage.promptTokens).toBeGreaterThan(11);
  });

  test("empty twice is an error", async () => {
    server.expectChat(streamedText(), wholeAnswer({ content: "" }));
    await fail("model.empty");
  });

  test("a model that thought until its limit is not asked again", async () => {
    server.expectChat({ type: "stream", chunks: [chunk({ reasoning_content: "hm" }), chunk({}, "length")] });
    expect((await fail("model.empty")).message).toContain("limit");
  });
});

test("a tool call printed as text is read as a call", async () => {
  const text = '```json\n{"name": "run_python", "arguments": {"code": "print(1)"}}\n```';
  server.expectChat(streamedText(text.slice(0, 12), text.slice(12)));
  const { events, end } = await ask(withTools);
  expect(end.toolCalls).toMatchObject([{ name: "run_python", arguments: '{"code":"print(1)"}' }]);
  expect(end.text).toBe("");
  expect(events.some(({ type }) => type === "text")).toBe(false);
  expect(end.repairs).toContain("a tool call was printed as text and read as a call");
});

describe("waiting and trying again", () => {
  test("429 with seconds is waited out and reported", async () => {
    server.expectChat(apiError(429, "slow", { headers: { "retry-after": "12" } }), streamedText("ok"));
    const { events, end } = await ask();
    expect(events[0]).toMatchObject({ type: "waiting", reason: "rate-limited", delayMs: 12_000 });
    expect(events[0]?.type === "waiting" && events[0].text).toContain("trying again in 12 s");
    expect(events[1]).toEqual({ type: "asked-again" });
    expect(waits).toEqual([12_000]);
    expect(end.text).toBe("ok");
  });

  test("429 with a date is waited out", async () => {
    const headers = { "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" };
    server.expectChat(apiError(429, "slow", { headers }), streamedText("ok"));
    await ask();
    expect(waits).toEqual([30_000]);
  });

  test("429 that asks for more than a minute is an error with the wait", async () => {
    server.expectChat(apiError(429, "slow", { headers: { "retry-after": "600" } }));
    const error = await fail("model.rate-limited");
    expect(error.details.retryAfterMs).toBe(600_000);
    expect(error.message).toContain("10 min");
  });

  test("429 without a wait is tried again, then given up", async () => {
    server.expectChat(...Array.from({ length: 4 }, () => apiError(429, "slow")));
    await fail("model.rate-limited");
    expect(waits).toEqual([2000, 8000, 20_000]);
  });

  test("429 for want of money is not waited for", async () => {
    server.expectChat(apiError(429, "You exceeded your current quota", { code: "insufficient_quota" }));
    await fail("model.rate-limited");
    expect(waits).toEqual([]);
  });

  test.each([500, 502, 503, 529])("%i is tried again twice", async (status) => {
    server.expectChat(apiError(status, "boom"), apiError(status, "boom"), streamedText("ok"));
    expect((await ask()).end.text).toBe("ok");
    expect(waits).toHaveLength(2);
  });

  test("500 three times is an error with the server's reason", async () => {
    server.expectChat(...Array.from({ length: 3 }, () => apiError(500, "out of memory")));
    const error = await fail("model.failed");
    expect(error.details).toMatchObject({ status: 500, reason: "out of memory" });
  });

  test("a connection reset before any byte is tried again", async () => {
    server.expectChat({ type: "reset" }, streamedText("ok"));
    expect((await ask()).events[0]).toMatchObject({ type: "waiting", reason: "connection-lost" });
  });

  test("a connection that is reset each time is unreachable", async () => {
    server.expectChat({ type: "reset" }, { type: "reset" }, { type: "reset" });
    await fail("model.unreachable");
  });
});

describe("keys, names and addresses", () => {
  test.each([401, 403])("%i with the model in the list is a wrong key", async (status) => {
    server.expectChat(apiError(status, `Incorrect API key provided: ${key}`));
    expect((await fail("model.wrong-key")).message).toContain("refused the key");
  });

  test("401 where the list wants the key, too, is a wrong key", async () => {
    models = apiError(401, "no");
    server.expectChat(apiError(401, "no"));
    await fail("model.wrong-key");
  });

  test("401 without a key says that one is wanted", async () => {
    server.expectChat(apiError(401, "Missing key"));
    expect((await fail("model.wrong-key", hello, client({ key: null }))).message).toContain("none is set");
  });

  test("401 for a model that a gateway does not know is an unknown model", async () => {
    models = (request) =>
      request.headers["authorization"] === `Bearer ${key}`
        ? { type: "body", body: { data: [{ id: "other" }] } }
        : apiError(401, "key?");
    server.expectChat(apiError(401, "team not allowed"));
    expect((await fail("model.unknown")).details.known).toEqual(["other"]);
  });

  test("401 beside a list that anybody may read blames the key", async () => {
    models = ["other"];
    server.expectChat(apiError(401, "bad token"));
    await fail("model.wrong-key");
  });

  test.each([
    [404, 'model "m" not found, try pulling it first'],
    [400, "The model `m` does not exist"],
    [404, ""],
  ])("%i %j is an unknown model, with the known ones", async (status, message) => {
    models = ["a", "b", "nomic-embed-text"];
    server.expectChat(apiError(status, message));
    const error = await fail("model.unknown");
    expect(error.details).toMatchObject({ model: "m", known: ["a", "b"] });
    expect(error.message).toContain("a, b");
  });

  test("an address without /v1 is told to have it", async () => {
    models = { type: "body", status: 404, body: "404 page not found" };
    const baseUrl = server.baseUrl.replace("/v1", "/api");
    server.expectChat({ type: "body", status: 404, body: "404 page not found" });
    expect((await fail("model.failed", hello, client({ baseUrl }))).message).toContain(`${baseUrl}/v1`);
  });

  test("a web page is no API", async () => {
    server.expectChat({ type: "body", body: "<!doctype html><html>Sign in</html>" });
    expect((await fail("model.failed")).message).toContain("a web page");
  });

  test("a redirect is not followed, so that the key goes nowhere else", async () => {
    const headers = { location: "https://elsewhere.example/v1/chat/completions" };
    server.expectChat({ type: "body", status: 307, body: {}, headers });
    expect((await fail("model.failed")).message).toContain("elsewhere.example");
  });

  test("nothing listening is unreachable, at once", async () => {
    const other = await startModelServer();
    await other.close();
    const error = await fail("model.unreachable", hello, client({ baseUrl: other.baseUrl }));
    expect(error.message).toContain("Nothing answers");
    expect(waits).toEqual([]);
  });

  test("a name that does not exist is unreachable", async () => {
    const error = await fail("model.unreachable", hello, client({ baseUrl: "http://no-such-host.invalid/v1" }));
    expect(error.message).toContain("could not be resolved");
  });

  test("https to an http server is unreachable and says so", async () => {
    const baseUrl = server.baseUrl.replace("http:", "https:");
    expect((await fail("model.unreachable", hello, client({ baseUrl }))).message).toContain("secure connection");
  });
});

describe("what a server refuses is left out and remembered", () => {
  test("stream_options", async () => {
    await learns(apiError(400, "Unrecognized request argument supplied: stream_options"), hello);
    expect(server.chats.map((body) => "stream_options" in body)).toEqual([true, false, false]);
  });

  test("parallel_tool_calls", async () => {
    await learns(
      { type: "body", status: 422, body: { detail: [{ loc: ["body", "parallel_tool_calls"] }] } },
      withTools,
    );
    expect(server.chats.map((body) => "parallel_tool_calls" in body)).toEqual([true, false, false]);
    expect(server.chats.every((body) => "tools" in body)).toBe(true);
  });

  test("tools, and each answer says so", async () => {
    const ends = await learns(apiError(400, "registry.ollama.ai/library/m:latest does not support tools"), withTools);
    expect(server.chats.map((body) => "tools" in body)).toEqual([true, false, false]);
    expect(ends.map(({ repairs }) => repairs)).toEqual(
      Array.from({ length: 2 }, () => ["this model cannot call tools: they were left out"]),
    );
  });

  test("max_tokens of reasoning models", async () => {
    const message = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead.";
    await learns(apiError(400, message), { ...hello, maxTokens: 9 });
    expect(server.chats[1]).toMatchObject({ max_completion_tokens: 9 });
    expect(server.chats[1]).not.toHaveProperty("max_tokens");
  });

  test("temperature", async () => {
    await learns(apiError(400, "Unsupported value: 'temperature' does not support 0"), { ...hello, temperature: 0 });
    expect(server.chats.map((body) => "temperature" in body)).toEqual([true, false, false]);
  });

  test("pictures", async () => {
    const images = [{ mime: "image/png", base64: "AAAA" }] as const;
    const request: ModelRequest = { messages: [{ role: "user", content: "look", images }] };
    const [end] = await learns(apiError(400, "this model does not support image input"), request);
    expect(server.chats[1]?.["messages"]).toEqual([{ role: "user", content: "look" }]);
    expect(end?.repairs).toEqual(["this model cannot see pictures: they were left out"]);
  });

  test("the system role", async () => {
    const request: ModelRequest = { messages: [{ role: "system", content: "s" }, ...hello.messages] };
    await learns(apiError(400, "System role not supported"), request);
    expect(server.chats[1]?.["messages"]).toMatchObject([{ role: "user", content: "s" }, { role: "user" }]);
  });

  test("a server that refuses the same thing for ever is not asked for ever", async () => {
    const refusal = apiError(400, "temperature is wrong");
    server.expectChat(refusal, refusal);
    await fail("model.failed", { ...hello, temperature: 0 });
  });
});

test.each([
  [400, "This model's maximum context length is 8192 tokens"],
  [400, "the request exceeds the available context size"],
  [413, "prompt is too long: 210000 tokens > 200000 maximum"],
])("%i %j is too long", async (status, message) => {
  server.expectChat(apiError(status, message));
  await fail("model.too-long");
});

describe("abort", () => {
  test("while nothing comes rejects with the reason and leaves the connection", async () => {
    expect(await abortDuring({ type: "hang" })).toMatchObject({ message: "stopped" });
  });

  test("in the middle of a stream rejects with the reason and leaves the connection", async () => {
    const answer: ServerAnswer = { type: "raw", pieces: [data(chunk({ content: "x" }))], end: "hang" };
    expect(await abortDuring(answer)).toMatchObject({ message: "stopped" });
  });

  test("while waiting out a rate limit rejects with the reason", async () => {
    server.expectChat(apiError(429, "slow", { headers: { "retry-after": "50" } }));
    const controller = new AbortController();
    const { baseUrl } = server;
    const model = createOpenAiChatModel({ baseUrl, readKey: () => Promise.resolve(null), model: "m", memory });
    const run = async (): Promise<void> => {
      for await (const event of model.complete(hello, controller.signal)) {
        if (event.type === "waiting") {
          setImmediate(() => controller.abort(new Error("stopped")));
        }
      }
    };
    await expect(run()).rejects.toThrow("stopped");
  });

  test("before the call sends nothing", async () => {
    const stream = client().complete(hello, AbortSignal.abort(new Error("stopped")));
    await expect(stream[Symbol.asyncIterator]().next()).rejects.toThrow("stopped");
    expect(server.requests).toEqual([]);
  });

  test("leaving the loop early leaves the connection", async () => {
    server.expectChat({ type: "raw", pieces: [data(chunk({ content: "x" }))], end: "hang" });
    for await (const event of client().complete(hello, new AbortController().signal)) {
      expect(event).toEqual({ type: "text", text: "x" });
      break;
    }
    await server.left;
  });
});

test("the key shows in nothing that can be printed", async () => {
  server.expectChat(apiError(400, `Header Authorization: Bearer ${key} is odd`));
  const model = client();
  const error = await fail("model.failed", hello, model);
  expect(error.message).toContain("Bearer …");
  for (const thing of [model, memory, error]) {
    expect(inspect(thing, { depth: 9, showHidden: true })).not.toContain(key);
    expect(JSON.stringify(thing)).not.toContain(key);
  }
});
