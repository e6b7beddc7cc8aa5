import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AgentError } from "../../src/agents/base/errors.ts";
import { discoverModels, type PlaceToLook } from "../../src/agents/models/discover-models.ts";
import { createEndpointMemory } from "../../src/agents/models/endpoint-memory.ts";
import { createEnvironmentModels, type EnvironmentModelsOptions } from "../../src/agents/models/environment-models.ts";
import { testConnection } from "../../src/agents/models/test-connection.ts";
import type { ModelRole } from "../../src/agents/ports/chat-model.ts";
import type { ConnectionCheck } from "../../src/agents/protocol/model.ts";
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

const key = "sk-the-secret-key-0123456789";
const never = new AbortController().signal;

let server: ModelServer;
let models: ServerStep;

function listed(...ids: readonly string[]): ServerAnswer {
  return { type: "body", body: { data: ids.map((id) => ({ id })) } };
}

beforeEach(async () => {
  models = listed("m");
  server = await startModelServer({ models: (request) => (typeof models === "function" ? models(request) : models) });
});

afterEach(() => server.close());

async function deadAddress(): Promise<string> {
  const other = await startModelServer();
  await other.close();
  return other.baseUrl;
}

function place(baseUrl: string, more: { readonly name?: string; readonly key?: string } = {}): PlaceToLook {
  const named = more.name === undefined ? {} : { name: more.name };
  return { ...named, baseUrl, readKey: () => Promise.resolve(more.key ?? null) };
}

/** Tests the connection to model `m`. */
async function check(more: { readonly baseUrl?: string; readonly key?: string | null } = {}) {
  const choice = { provider: "openai-compatible", baseUrl: more.baseUrl ?? server.baseUrl, model: "m" } as const;
  const report = await testConnection(choice, more.key === undefined ? key : more.key, never, {
    wait: () => Promise.resolve(),
    pickColours: () => ["blue", "yellow"],
  });
  expect(JSON.stringify(report)).not.toContain(key);
  const named = Object.fromEntries(report.checks.map((one) => [one.name, one]));
  const statusOf = (name: ConnectionCheck["name"]): string | undefined => named[name]?.status;
  const messageOf = (name: ConnectionCheck["name"]): string => named[name]?.message ?? "";
  return { report, statusOf, messageOf };
}

/** The model that the command line would use. */
async function choose(
  options: Partial<EnvironmentModelsOptions>,
  role: ModelRole = "chat",
): Promise<{ readonly name: string; readonly place: string; readonly said: readonly string[] }> {
  const said: string[] = [];
  const provider = createEnvironmentModels({
    flags: {},
    environment: {},
    local: [],
    memory: createEndpointMemory(),
    say: (sentence) => said.push(sentence),
    ...options,
  });
  const model = await provider.modelFor(role, never);
  expect(inspect(model, { depth: 9, showHidden: true }) + inspect(provider, { depth: 9 })).not.toContain(key);
  return { name: model.name, place: model.place, said };
}

describe("looking for models", () => {
  test("reports every place, with its chat models or why there are none", async () => {
    models = listed("qwen2.5-coder:14b", "nomic-embed-text:latest", "bge-m3", "text-embedding-3-small", "whisper-1");
    const dead = await deadAddress();
    const sources = await discoverModels(
      {
        configured: [place(`${server.baseUrl}/`, { key })],
        local: [place(dead, { name: "Ollama" })],
        environment: {},
        timeoutMs: 10_000,
      },
      never,
    );
    expect(sources).toEqual([
      {
        name: new URL(server.baseUrl).host,
        provider: "openai-compatible",
        baseUrl: server.baseUrl,
        hasKey: true,
        models: ["qwen2.5-coder:14b"],
        problem: null,
      },
      expect.objectContaining({
        name: "Ollama",
        models: [],
        problem: `Ollama is not running at ${new URL(dead).host}.`,
      }),
    ]);
    expect(server.requests[0]?.headers["authorization"]).toBe(`Bearer ${key}`);
  });

  test("a place that does not answer in time is left", async () => {
    models = { type: "hang" };
    const options = { configured: [place(server.baseUrl)], local: [], environment: {}, timeoutMs: 3000 };
    expect((await discoverModels(options, never))[0]?.problem).toContain("did not answer within 3000 ms");
    await server.left;
  });

  test.each([
    ["a refused key", apiError(401, "no"), "wants a key"],
    ["a web page", { type: "body", body: "<html>hi</html>" }, "does not answer as an OpenAI-compatible API"],
    ["no models", { type: "body", body: { object: "list", data: null } }, "has no models"],
    ["embeddings only", listed("bge-m3"), "only models that cannot chat"],
    ["a failing server", apiError(500, "boom"), "status 500: boom"],
  ] as const)("%s is said in plain words", async (_, answer, words) => {
    models = answer;
    const patient = { configured: [place(server.baseUrl)], local: [], environment: {}, timeoutMs: 10_000 };
    const [source] = await discoverModels(patient, never);
    expect(source?.problem).toContain(words);
  });

  test("an abort ends the look with its reason", async () => {
    models = { type: "hang" };
    const controller = new AbortController();
    const options = { configured: [place(server.baseUrl)], local: [], environment: {} };
    const looking = discoverModels(options, controller.signal);
    setImmediate(() => controller.abort(new Error("stopped")));
    await expect(looking).rejects.toThrow("stopped");
  });

  test("OLLAMA_HOST is respected, and one address is asked once", async () => {
    const { host } = new URL(server.baseUrl);
    const sources = await discoverModels({ configured: [], environment: { OLLAMA_HOST: host } }, never);
    expect(sources[0]).toMatchObject({ name: "Ollama", baseUrl: server.baseUrl, models: ["m"] });
    const again = { configured: [place(server.baseUrl)], environment: { OLLAMA_HOST: host } };
    expect((await discoverModels(again, never)).filter(({ baseUrl }) => baseUrl === server.baseUrl)).toHaveLength(1);
  });
});

describe("testing a connection", () => {
  const toolCall = {
    tool_calls: [{ index: 0, id: "c", function: { name: "report_number", arguments: '{"number":7}' } }],
  };
  const calls: ServerAnswer = { type: "stream", chunks: [chunk(toolCall), chunk({}, "tool_calls")] };

  test("a model that can do everything", async () => {
    server.expectChat(streamedText("1 2 3"), calls, streamedText("Blue on the left, ", "yellow on the right."));
    const { report } = await check();
    expect(report.checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "reachable ok",
      "key ok",
      "model ok",
      "chat ok",
      "streaming ok",
      "tools ok",
      "vision ok",
    ]);
  });

  test("a model that can only chat, in one piece", async () => {
    server.expectChat(
      wholeAnswer({ content: "1 2 3" }),
      apiError(400, "m does not support tools"),
      wholeAnswer({ content: "7" }),
      apiError(400, "this model does not support image input"),
      wholeAnswer({ content: "I cannot see it." }),
    );
    const { statusOf } = await check();
    expect([statusOf("chat"), statusOf("streaming"), statusOf("tools"), statusOf("vision")]).toEqual([
      "ok",
      "failed",
      "failed",
      "failed",
    ]);
  });

  test("a model that answers in text instead of calling, and one that guesses colours", async () => {
    server.expectChat(streamedText("1"), streamedText("7"), streamedText("red, green, blue or yellow"));
    const { statusOf } = await check();
    expect([statusOf("tools"), statusOf("vision")]).toEqual(["failed", "failed"]);
  });

  test("nothing there", async () => {
    const { report, messageOf } = await check({ baseUrl: await deadAddress() });
    expect(report.checks.map(({ status }) => status)).toEqual([
      "failed",
      ...Array.from({ length: 6 }, () => "skipped"),
    ]);
    expect(messageOf("reachable")).toContain("Nothing answers");
  });

  test("a name that cannot be resolved", async () => {
    expect((await check({ baseUrl: "http://no-such-host.invalid/v1" })).messageOf("reachable")).toContain("resolved");
  });

  test("a web page suggests /v1", async () => {
    models = { type: "body", body: "<!doctype html><html></html>" };
    const baseUrl = server.baseUrl.replace("/v1", "");
    expect((await check({ baseUrl })).messageOf("reachable")).toContain(`Try ${server.baseUrl} `);
  });

  test("a wrong key", async () => {
    models = apiError(401, "no");
    server.expectChat(apiError(401, `Incorrect API key provided: ${key}`));
    const { statusOf } = await check();
    expect([statusOf("reachable"), statusOf("key"), statusOf("model")]).toEqual(["ok", "failed", "skipped"]);
  });

  test("an unknown model, with the known ones", async () => {
    models = listed("a", "b");
    server.expectChat(apiError(404, "model 'm' not found"));
    const { statusOf, messageOf } = await check();
    expect([statusOf("reachable"), statusOf("model"), statusOf("chat")]).toEqual(["ok", "failed", "skipped"]);
    expect(messageOf("model")).toContain("a, b");
  });

  test("a chat that fails leaves the rest untried", async () => {
    server.expectChat(apiError(400, "the weights are gone"));
    const { statusOf, messageOf } = await check();
    expect([statusOf("chat"), statusOf("tools"), statusOf("vision")]).toEqual(["failed", "skipped", "skipped"]);
    expect(messageOf("chat")).toContain("the weights are gone");
  });
});

describe("models of the command line", () => {
  test("flags come before the environment", async () => {
    const environment = { OPENAI_BASE_URL: "http://other/v1", BYZER_MODEL: "other" };
    const chosen = await choose({ flags: { baseUrl: server.baseUrl, model: "mine" }, environment });
    expect(chosen).toEqual({ name: "mine", place: server.baseUrl, said: [] });
    expect(server.requests).toEqual([]);
  });

  test("each role may have its own model", async () => {
    const environment = { OPENAI_BASE_URL: server.baseUrl, BYZER_MODEL: "c", BYZER_ROUTER_MODEL: "r" };
    expect((await choose({ environment }, "router")).name).toBe("r");
    expect((await choose({ environment }, "reviewer")).name).toBe("c");
  });

  test("who asks them by itself is told the address, its key and the model of each role", async () => {
    const flags = { apiKeyEnv: "TEAM_KEY" };
    const names = { BYZER_MODEL: "c", BYZER_ROUTER_MODEL: "r" };
    const environment = { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: "another", TEAM_KEY: key, ...names };
    const given = { flags, environment, memory: createEndpointMemory(), say: () => undefined };
    expect(await createEnvironmentModels(given).endpoint(never)).toEqual({
      baseUrl: server.baseUrl,
      key,
      models: { chat: "c", router: "r", reviewer: "c" },
    });
  });

  test("without a name the first chat model is taken, and said", async () => {
    models = listed("bge-m3", "a", "b");
    const { name, said } = await choose({ environment: { OPENAI_BASE_URL: server.baseUrl } });
    expect(name).toBe("a");
    expect(said.join()).toContain("using a, the first chat model");
  });

  test("out of a long catalogue nothing is taken", async () => {
    models = listed(...Array.from({ length: 30 }, (_, index) => `model-${index}`));
    const chosen = choose({ environment: { OPENAI_BASE_URL: server.baseUrl } });
    await expect(chosen).rejects.toThrow("30 models, such as model-0");
  });

  test("with nothing set a local server is taken, and said; no key is sent there", async () => {
    const { name, said } = await choose({ local: [place(server.baseUrl, { name: "Ollama" })] });
    expect(name).toBe("m");
    expect(said.join()).toContain("using m of Ollama");
    expect(server.requests[0]?.headers["authorization"]).toBeUndefined();
  });

  test("with nothing there the error names each place and each way out", async () => {
    const dead = await deadAddress();
    const error: unknown = await choose({ local: [place(dead, { name: "Ollama" })] }).catch(
      (reason: unknown) => reason,
    );
    if (!AgentError.is(error, "model.missing")) {
      throw new Error("model.missing was expected", { cause: error });
    }
    expect(error.details.looked).toContain(`Ollama: Ollama is not running at ${new URL(dead).host}.`);
    for (const way of ["--base-url", "OPENAI_BASE_URL", "OPENAI_API_KEY", "BYZER_MODEL", "Ollama", "LM Studio"]) {
      expect(error.message).toContain(way);
    }
  });

  test.each([
    ["OPENAI_API_KEY goes to OPENAI_BASE_URL", {}, key],
    ["OPENAI_API_KEY goes to --base-url", { baseUrl: "elsewhere" }, key],
    ["--api-key-env sends the key it names", { baseUrl: "elsewhere", apiKeyEnv: "OTHER_KEY" }, "another-key-42"],
  ])("%s", async (_, flags, sent) => {
    const elsewhere = "baseUrl" in flags ? "http://other.invalid/v1" : server.baseUrl;
    const environment = { OPENAI_API_KEY: key, OTHER_KEY: "another-key-42", OPENAI_BASE_URL: elsewhere };
    const own = "baseUrl" in flags ? { ...flags, baseUrl: server.baseUrl } : flags;
    const options: Partial<EnvironmentModelsOptions> = { environment, flags: own };
    await choose(options);
    expect(server.requests[0]?.headers["authorization"]).toBe(`Bearer ${sent}`);
  });

  test("--api-key-env of a variable that is not set is a usage error", async () => {
    const error: unknown = await choose({ flags: { apiKeyEnv: "NOPE" } }).catch((reason: unknown) => reason);
    expect(AgentError.is(error, "cli.usage")).toBe(true);
  });
});
