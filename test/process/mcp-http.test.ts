import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { McpServer as SdkServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { afterEach, expect, test } from "vitest";
import { connectMcp } from "../../src/agents/mcp/mcp-client.ts";
import type { McpLimits } from "../../src/agents/mcp/mcp-connection.ts";
import { readMcpServers } from "../../src/agents/mcp/mcp-definition.ts";
import { McpServers } from "../../src/agents/mcp/mcp-servers.ts";

const forever = new AbortController().signal;
const ends: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  await Promise.all(ends.splice(0).map(async (end) => end()));
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function listen(handler: Handler): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("no port");
  }
  return { url: `http://127.0.0.1:${address.port}/mcp`, server };
}

/** A server of the SDK's own that wants a key. */
const wiki: Handler = (request, response) => {
  if (request.headers.authorization !== "Bearer k") {
    response.writeHead(401).end();
    return;
  }
  const server = new SdkServer({ name: "wiki", version: "1" });
  server.registerTool("page", { description: "Gives a page.", annotations: { readOnlyHint: true } }, () => ({
    content: [{ type: "text", text: "A page." }],
  }));
  server.registerTool("huge", { description: "Gives too much." }, () => ({
    content: [{ type: "text", text: "x".repeat(2_000_000) }],
  }));
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  void server.connect(transport).then(() => transport.handleRequest(request, response));
};

function serversAt(url: string, headers: object, limits: Partial<McpLimits> = {}): McpServers {
  const place = { name: "here", folder: "/", needsYes: false };
  const { servers: definitions } = readMcpServers({ wiki: { url, headers } }, place);
  const servers = new McpServers({
    load: () => Promise.resolve(connectMcp),
    allow: () => Promise.resolve(true),
    environment: { KEY: "k" },
    baseEnvironment: {},
    limits,
  });
  servers.set(definitions);
  ends.push(() => servers.close());
  return servers;
}

const call = (servers: McpServers, name: string) =>
  servers.tools.find((tool) => tool.name === `mcp:wiki/${name}`)?.run({}, { agent: "a", signal: forever });

test("a server on the network is given its headers, answers, and is found again after it was away", async () => {
  const { url, server } = await listen(wiki);
  const servers = serversAt(url, { Authorization: "Bearer ${env:KEY}" });
  expect(await servers.prepare(["mcp:wiki/page"], forever)).toEqual([]);
  expect(await call(servers, "page")).toEqual({ text: "A page.", failed: false });
  server.removeAllListeners("request");
  server.on("request", (request) => request.socket.destroy());
  expect(await call(servers, "page")).toEqual({
    text: expect.stringContaining("The MCP server wiki cannot be reached"),
    failed: true,
  });
  server.removeAllListeners("request");
  server.on("request", wiki);
  expect(await call(servers, "page")).toEqual({ text: "A page.", failed: false });
});

test("a response that is too large is not read to its end", async () => {
  const { url } = await listen(wiki);
  const servers = serversAt(url, { Authorization: "Bearer k" }, { messageBytes: 1_000_000 });
  expect(await servers.prepare(["wiki/*"], forever)).toEqual([]);
  expect(await call(servers, "huge")).toMatchObject({ text: expect.stringContaining("sent too much"), failed: true });
  expect(await call(servers, "page")).toEqual({ text: "A page.", failed: false });
});

test("a wrong key and a redirection are told, and the headers go nowhere else", async () => {
  const seen: string[] = [];
  const elsewhere = await listen((request, response) => {
    seen.push(String(request.headers.authorization));
    response.writeHead(404).end();
  });
  const { url } = await listen((_request, response) => {
    response.writeHead(307, { location: elsewhere.url }).end();
  });
  const [redirected] = await serversAt(url, { Authorization: "Bearer k" }).prepare(["mcp:wiki/*"], forever);
  expect([redirected?.code, redirected?.message]).toEqual(["mcp.unreachable", expect.stringContaining("redirects to")]);
  expect(seen).toEqual([]);
  const protectedWiki = await listen(wiki);
  const [refused] = await serversAt(protectedWiki.url, {}).prepare(["mcp:wiki/*"], forever);
  expect([refused?.code, refused?.message]).toEqual(["mcp.unreachable", expect.stringContaining("401")]);
});

test("a server that answers nothing is given up", async () => {
  const { url } = await listen(() => {});
  const [silent] = await serversAt(url, {}, { connectMs: 200 }).prepare(["mcp:wiki/*"], forever);
  expect(silent?.code).toBe("mcp.unreachable");
});
