import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocketServer } from "ws";
import { AgentError } from "../../src/agents/base/errors.ts";
import { Gateway } from "../../src/agents/remote/gateway.ts";
import { uploadFile } from "../../src/agents/remote/upload.ts";
import { FakeGateway } from "../../src/agents/testing/fake-gateway.ts";

const token = "token-of-the-gateway";
const { signal } = new AbortController();
const patience = { timeout: 60_000 };
let folder = "";
let path = "";
let blobs: Map<string, Buffer>;
let fake: FakeGateway;
let gateway: Gateway;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "byzer-upload-"));
  path = join(folder, "data é.bin");
  blobs = new Map();
  fake = new FakeGateway({ token, blobs });
  await fake.listen();
  gateway = gatewayWith(token);
});

afterEach(async () => {
  await fake.close();
  rmSync(folder, { recursive: true, force: true });
});

function gatewayWith(given: string): Gateway {
  return new Gateway({ address: `http://127.0.0.1:${fake.port}`, token: () => Promise.resolve(given) });
}

function write(sizeBytes: number): { readonly content: Buffer; readonly sha256: string } {
  const content = randomBytes(sizeBytes);
  writeFileSync(path, content);
  return { content, sha256: createHash("sha256").update(content).digest("hex") };
}

describe("a content is brought", () => {
  test.each([0, 1, 4 * 1024 * 1024, 10_000_000])("whole, while its hash is found: %i bytes", async (sizeBytes) => {
    const { content, sha256 } = write(sizeBytes);
    expect(await gateway.bring(path, signal)).toBe(sha256);
    expect(blobs.get(sha256)?.equals(content)).toBe(true);
  });

  test("once: what is known to be there is not sent", async () => {
    const { sha256 } = write(5_000_000);
    expect(await gateway.put(path, sha256, signal)).toBe(true);
    expect(await gateway.put(path, sha256, signal)).toBe(false);
    expect(fake.broughtBytes).toBe(5_000_000);
    expect(await gateway.bring(path, signal)).toBe(sha256);
    expect(fake.brought).toEqual([sha256]);
  });
});

describe("what cannot be brought is said", () => {
  test.each([
    ["a token that is not admitted", async () => gatewayWith("another").bring(path, signal), "not admitted"],
    ["a content that is not what was said", () => gateway.put(path, "0".repeat(64), signal), "not what its hash says"],
    ["a file that is not there", () => gateway.bring(`${path}x`, signal), "no such file"],
  ])("%s", async (_name, bring, reason) => {
    write(1000);
    const error: unknown = await bring().catch((caught: unknown) => caught);
    expect(AgentError.is(error, "remote.file") && error.details.reason).toContain(reason);
    expect(blobs.size).toBe(0);
  });

  test("a connection that ends on the way, and one that stands still", async () => {
    write(50_000_000);
    const server = await silentServer(() => undefined);
    const options = { url: server.url, token, path, idleMs: 60_000 };
    const cut = uploadFile(options, signal);
    await vi.waitFor(() => expect(server.received()).toBeGreaterThan(0), patience);
    server.drop();
    await expect(cut).rejects.toThrow("closed the connection");
    await expect(uploadFile({ ...options, idleMs: 200 }, signal)).rejects.toThrow("nothing moved");
    server.close();
  });

  test("an abort, at any moment", async () => {
    write(20_000_000);
    const server = await silentServer(() => undefined);
    const abort = new AbortController();
    const running = uploadFile({ url: server.url, token, path, idleMs: 60_000 }, abort.signal);
    await vi.waitFor(() => expect(server.received()).toBeGreaterThan(0), patience);
    abort.abort(new Error("given up"));
    await expect(running).rejects.toThrow("given up");
    await expect(gateway.bring(path, AbortSignal.abort())).rejects.toThrow("aborted");
    server.close();
  });
});

test("no more is under way than the cluster has room for", async () => {
  const limit = 32 * 1024 * 1024;
  write(limit + 12_000_000);
  const wait: { go: (bytes: number) => void } = { go: () => undefined };
  const server = await silentServer((say) => {
    wait.go = (bytes) => say({ t: "wrote", bytes });
  });
  const running = uploadFile({ url: server.url, token, path, idleMs: 60_000 }, signal);
  running.catch(() => undefined);
  await vi.waitFor(() => expect(server.received()).toBe(limit), patience);
  await new Promise((resolve) => {
    setTimeout(resolve, 200);
  });
  expect(server.received()).toBe(limit);
  wait.go(limit);
  await vi.waitFor(() => expect(server.received()).toBe(limit + 12_000_000), patience);
  server.close();
});

/** A gateway that takes all and says no more than that it may begin. */
async function silentServer(begun: (say: (frame: object) => void) => void) {
  const sockets = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  let received = 0;
  sockets.on("connection", (socket) => {
    socket.on("error", () => undefined);
    const say = (frame: object): void => socket.send(JSON.stringify(frame));
    socket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) {
        received += data.length;
      } else if (data.toString("utf8").includes('"put"')) {
        say({ t: "wrote", bytes: 0 });
        begun(say);
      }
    });
  });
  await once(sockets, "listening");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a port was asked for
  const { port } = sockets.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    received: () => received,
    drop: () => sockets.clients.forEach((socket) => socket.terminate()),
    close: () => {
      sockets.clients.forEach((socket) => socket.terminate());
      sockets.close();
    },
  };
}
