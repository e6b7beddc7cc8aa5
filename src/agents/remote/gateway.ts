import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { type Agent, type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { pipeline } from "node:stream/promises";
import { createHash, randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { AgentError, messageOf } from "../base/errors.ts";
import { remoteLinkVersion } from "../protocol/remote-link.ts";
import { type RayHttpOptions, rayRequest } from "./ray-http.ts";

/** A transfer in which nothing moved for so long has failed, milliseconds. */
const idleTimeoutMs = 60_000;
const healthTimeoutMs = 5000;
const healthSchema = z.object({ byzer: z.literal(remoteLinkVersion) });
const pieceBytes = 1024 * 1024;

/** One machine of a cluster, and what it has in all. */
const nodeSchema = z.object({
  id: z.string(),
  address: z.string(),
  isHead: z.boolean(),
  cpus: z.number(),
  gpus: z.number(),
  memoryBytes: z.number(),
  /** Custom ones, by name. */
  resources: z.record(z.string(), z.number()),
});

const statusSchema = z.object({
  nodes: z.array(nodeSchema),
  /** What nobody uses, by name: `CPU`, `GPU`, `memory` (bytes), custom ones. */
  available: z.record(z.string(), z.number()),
  server: z.object({ version: z.string(), ray: z.string(), python: z.string() }),
  children: z.array(
    z.looseObject({
      kind: z.string(),
      name: z.string(),
      node: z.string(),
      state: z.string(),
      title: z.optional(z.string()),
      cpus: z.optional(z.number()),
      memoryBytes: z.optional(z.number()),
      /** Seconds since 1970. */
      startedAt: z.optional(z.number()),
    }),
  ),
});
/** What of ours runs on a cluster. */
export type GatewayStatus = z.infer<typeof statusSchema>;

/** What the gateway of a cluster does beside its link: contents by hash, and what runs there. */
export class Gateway {
  readonly #http: RayHttpOptions;

  /** @param http Its address is that of Ray Serve, its token the gateway's own. */
  constructor(http: RayHttpOptions) {
    this.#http = http;
  }

  /** What of ours runs there. */
  async status(signal: AbortSignal): Promise<GatewayStatus> {
    const { address } = this.#http;
    const answer = await rayRequest(this.#http, { method: "GET", path: "/byzer/v1/status" }, signal);
    const status = answer.status === 200 ? statusSchema.safeParse(jsonOf(answer.text)).data : undefined;
    if (status === undefined) {
      const reason = `what of ours runs there (${answer.status})`;
      throw new AgentError(
        "remote.malformed",
        { address, reason },
        `The gateway at ${address} does not say ${reason}.`,
      );
    }
    return status;
  }

  /** Whether a gateway of ours answers at all; needs no token. */
  async isThere(signal: AbortSignal): Promise<boolean> {
    try {
      const request = { method: "GET", path: "/byzer/v1/health", timeoutMs: healthTimeoutMs } as const;
      const answer = await rayRequest({ ...this.#http, token: () => Promise.resolve(null) }, request, signal);
      return answer.status === 200 && healthSchema.safeParse(jsonOf(answer.text)).success;
    } catch {
      signal.throwIfAborted();
      return false;
    }
  }

  /** Ends what was made. @returns Whether it was there. */
  async endChild(kind: string, name: string, signal: AbortSignal): Promise<boolean> {
    const path = `/byzer/v1/children/${encodeURIComponent(kind)}/${encodeURIComponent(name)}/end`;
    const answer = await rayRequest(this.#http, { method: "POST", path }, signal);
    return answer.status < 300;
  }

  /**
   * Puts a file's content on the cluster, unless it is there.
   *
   * @param sha256 Of the content, as hexadecimal digits; the gateway checks it.
   * @returns Whether it had to be sent. @throws AgentError `remote.file`
   */
  async put(path: string, sha256: string, signal: AbortSignal): Promise<boolean> {
    const there = await rayRequest(this.#http, { method: "HEAD", path: blobPath(sha256) }, signal);
    if (there.status === 200) {
      return false;
    }
    try {
      const { size } = await stat(path);
      const answer = await this.#transfer({ method: "PUT", sha256, sizeBytes: size }, signal, (outgoing) =>
        pipeline(createReadStream(path, { highWaterMark: pieceBytes }), outgoing),
      );
      answer.resume();
      await ended(answer);
      return true;
    } catch (error) {
      signal.throwIfAborted();
      throw fileError(path, error);
    }
  }

  /** Fetches a content into a file, checked and whole or not at all. @throws AgentError `remote.file` */
  async fetch(sha256: string, path: string, signal: AbortSignal): Promise<void> {
    const partial = `${path}.${randomUUID()}.part`;
    try {
      const answer = await this.#transfer({ method: "GET", sha256 }, signal, async (outgoing) => void outgoing.end());
      const hash = createHash("sha256");
      answer.on("data", (piece: Buffer) => hash.update(piece));
      await pipeline(answer, createWriteStream(partial), { signal });
      if (hash.digest("hex") !== sha256) {
        throw new TypeError("what came is not what was asked for");
      }
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true });
      signal.throwIfAborted();
      throw fileError(path, error);
    }
  }

  /** @returns The answer, where it says that all went well. */
  async #transfer(
    what: { readonly method: "GET" | "PUT"; readonly sha256: string; readonly sizeBytes?: number },
    signal: AbortSignal,
    write: (outgoing: ReturnType<typeof httpRequest>) => Promise<void>,
  ): Promise<IncomingMessage> {
    const token = await this.#http.token();
    const url = new URL(this.#http.address + blobPath(what.sha256));
    const start = url.protocol === "https:" ? httpsRequest : httpRequest;
    const agent: Agent | undefined = this.#http.agentFor?.(url);
    const headers = {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(what.sizeBytes === undefined
        ? {}
        : { "content-type": "application/octet-stream", "content-length": what.sizeBytes }),
    };
    const outgoing = start(url, { method: what.method, headers, signal, ...(agent === undefined ? {} : { agent }) });
    outgoing.setTimeout(idleTimeoutMs, () => outgoing.destroy(new Error("nothing moved for a minute")));
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once("response", resolve);
      outgoing.once("error", reject);
    });
    const written = write(outgoing);
    // A refusal may come before all was sent; it says more than the broken pipe.
    written.catch(() => undefined);
    const answer = await answered;
    if ((answer.statusCode ?? 0) >= 300) {
      throw new TypeError(`the gateway says ${answer.statusCode} ${(await textOf(answer)).slice(0, 300)}`);
    }
    await written;
    return answer;
  }
}

function blobPath(sha256: string): string {
  return `/byzer/v1/blobs/${sha256}`;
}

function fileError(path: string, error: unknown): AgentError {
  const reason = messageOf(error);
  return new AgentError(
    "remote.file",
    { path, reason },
    `"${path}" could not be brought to or from the cluster: ${reason}.`,
    error,
  );
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of answer) {
    pieces.push(Buffer.from(piece));
  }
  return Buffer.concat(pieces).toString("utf8");
}

function ended(answer: IncomingMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    answer.once("end", resolve);
    answer.once("error", reject);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
