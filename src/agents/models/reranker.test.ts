import { expect, test } from "vitest";
import type { ChatModel, ModelRequest } from "../ports/chat-model.ts";
import { createChatReranker, readOrder } from "./chat-reranker.ts";
import { createEndpointReranker } from "./endpoint-reranker.ts";

const never = new AbortController().signal;

interface Seen {
  readonly url: string;
  readonly body: { readonly documents?: readonly string[]; readonly texts?: readonly string[] };
}

function rerankerWith(answer: (seen: Seen) => { readonly status?: number; readonly body: unknown }) {
  const requests: Seen[] = [];
  const carrier: typeof fetch = (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (url.endsWith("/models")) {
      return Promise.resolve(Response.json({ data: [] }));
    }
    const seen: Seen = { url, body: JSON.parse(typeof init?.body === "string" ? init.body : "null") };
    requests.push(seen);
    const { status = 200, body } = answer(seen);
    return Promise.resolve(Response.json(body, { status }));
  };
  const reranker = createEndpointReranker({
    baseUrl: "http://127.0.0.1:5555/v1/rerank",
    model: "judge",
    readKey: () => Promise.resolve(null),
    fetch: carrier,
    wait: () => Promise.resolve(),
  });
  return { reranker, requests };
}

test("scores have the order of the texts, in Cohere's and Jina's form", async () => {
  const { reranker, requests } = rerankerWith(() => ({
    body: {
      results: [
        { index: 1, relevance_score: 0.9 },
        { index: 0, relevance_score: 0.1 },
      ],
    },
  }));
  expect(await reranker.rerank("q", ["a", "b"], never)).toEqual([0.1, 0.9]);
  expect(requests).toEqual([
    {
      url: "http://127.0.0.1:5555/v1/rerank",
      body: { model: "judge", query: "q", documents: ["a", "b"], top_n: 2, return_documents: false },
    },
  ]);
});

test("Text Embeddings Inference is understood: its path, its form, how many texts it takes", async () => {
  const { reranker, requests } = rerankerWith(({ url, body: { texts } }) => {
    if (url.includes("/v1/")) {
      return { status: 404, body: {} };
    }
    if (texts === undefined) {
      return { status: 422, body: { error: "missing field `texts`" } };
    }
    return texts.length > 2
      ? { status: 413, body: { error: "batch size 4 > maximum allowed batch size 2" } }
      : { body: texts.map((text, index) => ({ index, score: Number(text) })).toReversed() };
  });
  expect(await reranker.rerank("q", ["4", "1", "3"], never)).toEqual([4, 1, 3]);
  const before = requests.length;
  expect(await reranker.rerank("q", ["2", "7"], never)).toEqual([2, 7]);
  expect(requests.length - before).toBe(1);
});

test.each([
  [{ results: [{ index: 0, relevance_score: 1 }] }],
  [
    {
      results: [
        { index: 0, relevance_score: null },
        { index: 1, relevance_score: 1 },
      ],
    },
  ],
  [{ results: "none" }],
])("an answer that does not judge all passages is refused", async (body) => {
  const { reranker } = rerankerWith(() => ({ body }));
  await expect(reranker.rerank("q", ["a", "b"], never)).rejects.toMatchObject({ code: "rerank.malformed" });
});

test("a wrong key is told", async () => {
  const { reranker } = rerankerWith(() => ({ status: 401, body: { detail: "no key" } }));
  await expect(reranker.rerank("q", ["a"], never)).rejects.toMatchObject({ code: "rerank.wrong-key" });
});

test.each([
  ["[3, 1]", [3, 1]],
  ["The order is:\n```json\n[2,3,1]\n```", [2, 3, 1]],
  ["[2] > [1] > [3]", [2, 1, 3]],
  ["There are 3 passages.\n2, 1", [2, 1]],
  ["[2]", [2]],
  ["[9, 2, 2]", [2]],
  ["[]", []],
  ["None of them.", null],
])("an order is read from %j", (text, order) => {
  expect(readOrder(text, 3)).toEqual(order);
});

function modelThatSays(text: string): { readonly model: ChatModel; readonly requests: ModelRequest[] } {
  const requests: ModelRequest[] = [];
  const usage = { promptTokens: 0, completionTokens: 0, estimated: false };
  const model: ChatModel = {
    name: "judge",
    place: "test",
    async *complete(request) {
      requests.push(request);
      yield await Promise.resolve({ type: "end", text, toolCalls: [], finishReason: "stop", usage, repairs: [] });
    },
  };
  return { model, requests };
}

test("a chat model's order becomes scores; what it leaves out keeps its order behind", async () => {
  const { model, requests } = modelThatSays("[3, 2]");
  const scores = await createChatReranker(model).rerank("what?", ["one", "two", "three", "four"], never);
  const order = scores.map((score, at) => ({ score, at })).toSorted((left, right) => right.score - left.score);
  expect(order.map(({ at }) => at)).toEqual([2, 1, 0, 3]);
  expect(requests[0]?.messages[0]?.content).not.toContain("three");
  expect(requests[0]?.messages[1]?.content).toContain("[3] three");
});

test("a chat model that gives no order is told", async () => {
  const { model } = modelThatSays("I cannot decide.");
  await expect(createChatReranker(model).rerank("what?", ["one"], never)).rejects.toMatchObject({
    code: "rerank.malformed",
  });
});
