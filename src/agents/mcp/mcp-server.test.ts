import { expect, test, vi } from "vitest";
import type { connectMcp } from "./mcp-client.ts";
import { readMcpServers } from "./mcp-definition.ts";
import { McpServers } from "./mcp-servers.ts";

test("nothing is reached for a call that was given up before", async () => {
  const load = vi.fn<() => Promise<typeof connectMcp>>(() => Promise.reject(new Error("it was loaded")));
  const servers = new McpServers({ load, allow: () => Promise.resolve(true), environment: {}, baseEnvironment: {} });
  const place = { name: "here", folder: "/w", needsYes: false };
  servers.set(readMcpServers({ notes: { command: "notes" } }, place).servers);
  const gone = new Error("given up");
  await expect(servers.prepare(["mcp:notes/*"], AbortSignal.abort(gone))).rejects.toBe(gone);
  expect(load).not.toHaveBeenCalled();
});
