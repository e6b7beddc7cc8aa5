import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { type Agent, type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { pipeline } from "node:stream/promises";
import { createHash, randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { AgentError, messageOf } from "../base/errors.ts";
import { remoteLinkVersion } from "../protocol/remote-link.ts";
import { type RayHttpOptions, rayRequest } from "./ray-http.ts";
import { type Uploaded, uploadFile } from "./upload.ts";

/** A transfer in which nothing moved for so long has failed, milliseconds. */
const idleTimeoutMs = 60_000;
const healthTimeoutMs = 5000;
const healthSchema = z.object({ byzer: z.literal(remoteLinkVersion) });

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
      /** Address of its machine; `null` while no machine has room for it. */
      node: z.nullable(z.string()),
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

  /** What it answers to a question; `undefined` where that is no JSON, or a refusal. @param path Begins with a slash. */
  async ask(path: string, signal: AbortSignal): Promise<unknown> {
    const answer = await rayRequest(this.#http, { method: "GET", path }, signal);
    return answer.status === 200 ? jsonOf(answer.text) : undefined;
  }

  /** What of ours runs there. */
  async status(signal: AbortSignal): Promise<GatewayStatus> {
    const { address } = this.#http;
    const status = statusSchema.safeParse(await this.ask("/byzer/v1/status", signal)).data;
    if (status === undefined) {
      const reason = "what of ours runs there";
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
    return (await this.#upload(path, sha256, signal)).fresh;
  }

  /**
   * Puts a file's content on the cluster, unless it is there, and finds its hash meanwhile.
   *
   * @returns The hash, as hexadecimal digits. @throws AgentError `remote.file`
   */
  async bring(path: string, signal: AbortSignal): Promise<string> {
    return (await this.#upload(path, undefined, signal)).sha256;
  }

  /** Fetches a content into a file, checked and whole or not at all. @throws AgentError `remote.file` */
  async fetch(sha256: string, path: string, signal: AbortSignal): Promise<void> {
    const partial = `${path}.${randomUUID()}.part`;
    try {
      const answer = await this.#download(sha256, signal);
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

  async #upload(path: string, sha256: string | undefined, signal: AbortSignal): Promise<Uploaded> {
    const { address } = this.#http;
    const token = (await this.#http.token()) ?? "";
    const agent = this.#http.agentFor?.(new URL(address));
    const url = `${address.replace(/^http/u, "ws")}/byzer/v1/upload`;
    try {
      return await uploadFile({ url, token, agent, path, sha256, idleMs: idleTimeoutMs }, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw fileError(path, error);
    }
  }

  /** @returns The answer, where it says that all went well. */
  async #download(sha256: string, signal: AbortSignal): Promise<IncomingMessage> {
    const token = await this.#http.token();
    const url = new URL(this.#http.address + blobPath(sha256));
    const start = url.protocol === "https:" ? httpsRequest : httpRequest;
    const agent: Agent | undefined = this.#http.agentFor?.(url);
    const headers = token === null ? {} : { authorization: `Bearer ${token}` };
    const outgoing = start(url, { method: "GET", headers, signal, ...(agent === undefined ? {} : { agent }) });
    outgoing.setTimeout(idleTimeoutMs, () => outgoing.destroy(new Error("nothing moved for a minute")));
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once("response", resolve);
      outgoing.once("error", reject);
    });
    outgoing.end();
    const answer = await answered;
    if ((answer.statusCode ?? 0) >= 300) {
      throw new TypeError(`the gateway says ${answer.statusCode} ${(await textOf(answer)).slice(0, 300)}`);
    }
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

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
