import { expect, test } from "vitest";
import { createOpenAiEmbedder } from "./openai-embedder.ts";

const never = new AbortController().signal;
const baseUrl = "http://127.0.0.1:5555/v1";

interface Seen {
  readonly url: string;
  readonly body: { readonly model: string; readonly input: readonly string[]; readonly encoding_format?: string };
}

type Answer = { readonly status?: number; readonly body: unknown; readonly headers?: Record<string, string> };

/** An embedder whose server is a function; what it saw, and how long it was waited. */
function embedderWith(answer: (seen: Seen, at: number) => Answer, model = "some-model", url = baseUrl) {
  const requests: Seen[] = [];
  const waits: number[] = [];
  const carrier: typeof fetch = (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    if (address.endsWith("/models")) {
      return Promise.resolve(Response.json({ data: [{ id: "bge-m3" }, { id: "llama3" }] }));
    }
    const seen: Seen = { url: address, body: JSON.parse(typeof init?.body === "string" ? init.body : "null") };
    requests.push(seen);
    const { status = 200, body, headers = {} } = answer(seen, requests.length);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return Promise.resolve(new Response(text, { status, headers: { "content-type": "application/json", ...headers } }));
  };
  const embedder = createOpenAiEmbedder({
    baseUrl: url,
    model,
    readKey: () => Promise.resolve("sk-secret-key"),
    fetch: carrier,
    wait: (delayMs) => {
      waits.push(delayMs);
      return Promise.resolve();
    },
  });
  return { embedder, requests, waits };
}

const vectorsOf = (vectors: readonly unknown[]): Answer => ({
  body: { data: vectors.map((embedding, index) => ({ index, embedding })) },
});
const packed = (numbers: readonly number[]): string =>
  Buffer.from(Float32Array.from(numbers).buffer).toString("base64");

test("vectors come as base64 or as numbers, in any order, and have the order of the texts", async () => {
  const { embedder, requests } = embedderWith((_, at) =>
    at === 1
      ? {
          body: {
            data: [
              { index: 1, embedding: packed([3, 4]) },
              { index: 0, embedding: [1, 2] },
            ],
          },
        }
      : { body: { embeddings: [[5, 6]] } },
  );
  expect(await embedder.embed(["a", "b"], "passage", never)).toEqual([Float32Array.of(1, 2), Float32Array.of(3, 4)]);
  expect(await embedder.embed(["c"], "query", never)).toEqual([Float32Array.of(5, 6)]);
  expect(await embedder.embed([], "query", never)).toEqual([]);
  expect(requests[0]?.body).toEqual({ model: "some-model", input: ["a", "b"], encoding_format: "base64" });
});

test("the prefix of its family stands before each text that a model is given", async () => {
  const { embedder, requests } = embedderWith(() => vectorsOf([[1]]), "nomic-embed-text:latest");
  await embedder.embed(["q"], "query", never);
  await embedder.embed(["p"], "passage", never);
  expect(requests.map(({ body }) => body.input)).toEqual([["search_query: q"], ["search_document: p"]]);
});

function idOf(model: string, url: string): string {
  return embedderWith(() => vectorsOf([]), model, url).embedder.id;
}

test("the id changes with the model and the server, and not with its port", () => {
  expect(idOf("a", baseUrl)).toBe(idOf("a", "http://localhost:7777/v1"));
  expect(idOf("a", baseUrl)).not.toBe(idOf("b", baseUrl));
  expect(idOf("a", baseUrl)).not.toBe(idOf("a", "https://example.org/v1"));
});

test.each([
  [
    "zeros",
    [
      [1, 2],
      [0, 0],
    ],
    [1],
  ],
  ["null", [[1, 2], null], [1]],
  [
    "numbers that are none",
    [
      [1, null],
      [1, 2],
    ],
    [0],
  ],
  ["too few", [[1, 2]], [0, 1]],
  [
    "different lengths",
    [
      [1, 2],
      [1, 2, 3],
    ],
    [0, 1],
  ],
  ["packed zeros", [packed([0, 0]), packed([1, 1])], [0]],
])("%s are refused", async (_, vectors, texts) => {
  const { embedder } = embedderWith(() => vectorsOf(vectors));
  await expect(embedder.embed(["a", "b"], "passage", never)).rejects.toMatchObject({
    code: "embedding.malformed",
    details: { texts },
  });
});

test("NaN and Infinity as Python writes them are refused as numbers that are none", async () => {
  const { embedder } = embedderWith(() => ({ body: '{"data": [{"embedding": [NaN, -Infinity]}]}' }));
  await expect(embedder.embed(["a"], "passage", never)).rejects.toMatchObject({ code: "embedding.malformed" });
});

test("another length than before is refused", async () => {
  const { embedder } = embedderWith((_, at) => vectorsOf([at === 1 ? [1, 2] : [1, 2, 3]]));
  await embedder.embed(["a"], "passage", never);
  await expect(embedder.embed(["b"], "passage", never)).rejects.toMatchObject({
    code: "embedding.changed",
    details: { was: 2, is: 3 },
  });
});

test("a server that does not know base64 is asked for numbers from then on", async () => {
  const { embedder, requests } = embedderWith(({ body }) =>
    body.encoding_format === "base64"
      ? { status: 400, body: { error: { message: "encoding_format must be float" } } }
      : vectorsOf([[1]]),
  );
  await embedder.embed(["a"], "passage", never);
  await embedder.embed(["b"], "passage", never);
  expect(requests.map(({ body }) => body.encoding_format)).toEqual(["base64", "float", "float"]);
});

test("texts that are too long are cut until the server takes them", async () => {
  const { embedder, requests } = embedderWith(({ body }) =>
    (body.input[0] ?? "").length > 400
      ? { status: 400, body: { error: { message: "input (700 tokens) is too large to process" } } }
      : vectorsOf([[1]]),
  );
  await embedder.embed(["x".repeat(1000)], "passage", never);
  expect(requests.map(({ body }) => body.input[0]?.length)).toEqual([1000, 600, 360]);
});

test("where /embeddings is not found, Ollama's own address is tried, and the other way round", async () => {
  const elsewhere = embedderWith(({ url }) =>
    url.endsWith("/api/embed") ? { body: { embeddings: [[1]] } } : { status: 404, body: "404 page not found" },
  );
  await elsewhere.embedder.embed(["a"], "query", never);
  expect(elsewhere.requests.at(-1)?.url).toBe("http://127.0.0.1:5555/api/embed");
  const ollama = embedderWith(() => ({ body: { embeddings: [[1]] } }), "x", "http://127.0.0.1:11434/v1");
  await ollama.embedder.embed(["a"], "query", never);
  expect(ollama.requests.map(({ url }) => url)).toEqual(["http://127.0.0.1:11434/api/embed"]);
});

test.each([
  [401, { error: { message: "bad key sk-secret-key" } }, "embedding.wrong-key", 1],
  [404, { error: { message: "model 'some-model' not found", code: "model_not_found" } }, "embedding.unknown-model", 1],
  [500, { error: { message: "out of memory" } }, "embedding.failed", 3],
])("status %d becomes its own error, without the key", async (status, body, code, asked) => {
  const { embedder, requests } = embedderWith(() => ({ status, body }));
  const error: unknown = await embedder.embed(["a"], "query", never).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code });
  expect(String(error)).not.toContain("sk-secret-key");
  expect(requests).toHaveLength(asked);
});

test("an unknown model names those that embed", async () => {
  const { embedder } = embedderWith(() => ({ status: 404, body: { error: "model not found, try pulling it first" } }));
  await expect(embedder.embed(["a"], "query", never)).rejects.toMatchObject({ details: { known: ["bge-m3"] } });
});

test("a rate limit is waited out", async () => {
  const { embedder, waits } = embedderWith((_, at) =>
    at === 1 ? { status: 429, body: { error: "slow down" }, headers: { "retry-after": "3" } } : vectorsOf([[1]]),
  );
  await embedder.embed(["a"], "query", never);
  expect(waits).toEqual([3000]);
});

test("an abort rejects with its reason", async () => {
  const reason = new Error("stopped");
  const { embedder } = embedderWith(() => vectorsOf([[1]]));
  await expect(embedder.embed(["a"], "query", AbortSignal.abort(reason))).rejects.toBe(reason);
});
