import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, readFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { zipSync } from "fflate";
import { WebSocket } from "ws";
import type { Cluster } from "../../src/agents/remote/cluster.ts";
import { clusterPython } from "../../src/agents/remote/cluster-python.ts";
import type { RayCluster } from "../ray/ray-cluster.ts";

const folder = resolve("test", "bench", "ray");
const deployTimeoutMs = 180_000;
const copyPort = 7077;
const receiverReadyMs = 30_000;
const pieceBytes = 1024 * 1024;

/** What ours is measured against on one cluster. */
export interface RayRivals {
  /** A call of a bare actor through a bare Serve application, there and back over an open WebSocket. */
  call(text: string): Promise<void>;
  /** Copies a file over TCP into one of the head: what the link and both disks give. */
  copy(path: string): Promise<void>;
  /** Puts a file to a bare Serve application, which writes it to a file. */
  put(path: string, sizeBytes: number): Promise<void>;
  close(): void;
}

/**
 * Puts them on the cluster and connects to them.
 *
 * @param node Address of the node that the bare actor is to live on.
 */
export async function startRayRivals(cluster: Cluster, rays: RayCluster, node: string): Promise<RayRivals> {
  await deploy(cluster, node);
  const { host } = new URL(cluster.address.serve);
  const socket = new WebSocket(`ws://${host}/plain/call`, { perMessageDeflate: false });
  await once(socket, "open");
  const head = new URL(cluster.address.serve).hostname;
  const python = resolve(".cache", "ray", "bin", "python");
  const receiver = rays.network.start("head", [python, join(folder, "copy_receiver.py"), String(copyPort)], {});
  await listening(head);
  return {
    call: async (text) => {
      socket.send(text);
      await once(socket, "message");
    },
    copy: (path) => copyOver(path, head),
    put: (path, sizeBytes) => putOver(path, sizeBytes, `${cluster.address.serve}/plain/file`),
    close: () => {
      socket.terminate();
      receiver.kill("SIGKILL");
    },
  };
}

async function deploy({ control }: Cluster, node: string): Promise<void> {
  const { signal } = new AbortController();
  const program = readFileSync(join(folder, "plain_application.py"));
  const content = Buffer.from(zipSync({ "plain_application.py": program }));
  const name = `_ray_pkg_${createHash("sha256").update(content).digest("hex").slice(0, 32)}.zip`;
  const packageUri = await control.upload(name, () => Promise.resolve(content), signal);
  const entrypoint = clusterPython("plain_application", node);
  const result = await control.run({ verb: "plain", entrypoint, packageUri, timeoutMs: deployTimeoutMs }, signal);
  if (!result.ok) {
    throw new Error("The bare application was not deployed.");
  }
}

/** Resolves when the other end of the plain copy stands. */
async function listening(host: string, end = performance.now() + receiverReadyMs): Promise<void> {
  const socket = connect(copyPort, host);
  try {
    await once(socket, "connect");
  } catch (error) {
    if (performance.now() > end) {
      throw error;
    }
    await pause(100);
    await listening(host, end);
  } finally {
    socket.destroy();
  }
}

async function copyOver(path: string, host: string): Promise<void> {
  const socket = connect(copyPort, host);
  await once(socket, "connect");
  const written = once(socket, "data");
  await pipeline(createReadStream(path, { highWaterMark: pieceBytes }), socket);
  await written;
}

async function putOver(path: string, sizeBytes: number, url: string): Promise<void> {
  const outgoing = request(url, { method: "PUT", headers: { "content-length": sizeBytes } });
  const answered = new Promise<IncomingMessage>((answer, fail) => {
    outgoing.once("response", answer);
    outgoing.once("error", fail);
  });
  await pipeline(createReadStream(path, { highWaterMark: pieceBytes }), outgoing);
  const response = await answered;
  response.resume();
  await once(response, "end");
  if (response.statusCode !== 200) {
    throw new Error(`The bare application answered ${response.statusCode}.`);
  }
}
