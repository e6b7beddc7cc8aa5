import { createServer, type RequestListener, type Server } from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { createNodeFetch } from "../../src/agents/models/node-fetch.ts";
import { createProxyAgents } from "../../src/agents/models/proxy-agents.ts";

const generous = { connectMs: 10_000, headersMs: 10_000, idleMs: 10_000 };
const carry = createNodeFetch({ timeoutsFor: () => generous });
const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
}

test("sends text and reads the answer with its headers", async () => {
  const url = await serve((request, response) => {
    response.setHeader("x-seen", `${request.method} ${request.headers["content-length"]}`);
    request.pipe(response);
  });
  const response = await carry(`${url}/x`, { method: "POST", body: "灾害" });
  expect([response.status, response.headers.get("x-seen"), await response.text()]).toEqual([200, "POST 6", "灾害"]);
});

test("an answer that was compressed unasked is unpacked", async () => {
  const url = await serve((request, response) => {
    expect(request.headers["accept-encoding"]).toBe("identity");
    response.setHeader("content-encoding", "gzip");
    response.end(gzipSync("hello"));
  });
  expect(await (await carry(url)).text()).toBe("hello");
});

test("a status without a body is answered without one", async () => {
  const url = await serve((_, response) => response.writeHead(204).end());
  expect(await (await carry(url)).text()).toBe("");
});

test("an answer that never begins is given up", async () => {
  const url = await serve(() => undefined);
  const hasty = createNodeFetch({ timeoutsFor: () => ({ ...generous, headersMs: 30 }) });
  await expect(hasty(url)).rejects.toMatchObject({ code: "ETIMEDOUT", message: "no answer within 0.03 s" });
});

test("an answer that goes quiet is given up", async () => {
  const url = await serve((_, response) => void response.write("a"));
  const hasty = createNodeFetch({ timeoutsFor: () => ({ ...generous, idleMs: 30 }) });
  const response = await hasty(url);
  await expect(response.text()).rejects.toMatchObject({ code: "ETIMEDOUT" });
});

test("an answer that stops short of its length is an error", async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { "content-length": 100 });
    response.write("a", () => response.socket?.destroy());
  });
  await expect((await carry(url)).text()).rejects.toThrow();
});

test("a large answer that is read slowly arrives whole", async () => {
  const whole = "x".repeat(3_000_000);
  const url = await serve((_, response) => void response.end(whole));
  let length = 0;
  for await (const piece of (await carry(url)).body ?? []) {
    length += piece.length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(length).toBe(whole.length);
});

test("addresses elsewhere go through the proxy that the environment names, local ones do not", async () => {
  const seen: string[] = [];
  const proxy = await serve((request, response) => {
    seen.push(request.url ?? "");
    response.end("through the proxy");
  });
  const direct = await serve((_, response) => response.end("direct"));
  const agentFor = createProxyAgents({ http_proxy: proxy });
  const proxied = createNodeFetch({ timeoutsFor: () => generous, ...(agentFor === null ? {} : { agentFor }) });
  expect(await (await proxied("http://models.example.com/v1/models")).text()).toBe("through the proxy");
  expect(await (await proxied(direct)).text()).toBe("direct");
  expect(seen).toEqual(["http://models.example.com/v1/models"]);
});

test("without a proxy in the environment nothing is changed", () => {
  expect(createProxyAgents({ NO_PROXY: "x", HTTPS_PROXY: "" })).toBeNull();
});
