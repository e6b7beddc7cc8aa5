import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { Agent } from "node:http";
import { WebSocket } from "ws";
import { messageOf } from "../base/errors.ts";
import { remoteLinkVersion } from "../protocol/remote-link.ts";
import { type FromUpload, type ToUpload, fromUploadSchema } from "../protocol/remote-upload.ts";

/** One message: what is smaller costs more on its way through the cluster's server. */
const pieceBytes = 4 * 1024 * 1024;
/** So much is under way at most: the server keeps what it cannot pass on yet in its memory. */
const underWayBytes = 32 * 1024 * 1024;
const hashedPieceBytes = 1024 * 1024;
const connectTimeoutMs = 10_000;
const answerLimitBytes = 64 * 1024;

/** What is brought, and where. */
export interface UploadOptions {
  /** Such as `ws://10.0.0.4:8000/byzer/v1/upload`. */
  readonly url: string;
  /** Of the gateway. */
  readonly token: string;
  /** The pool to connect through; Node's own where left out. */
  readonly agent?: Agent | undefined;
  readonly path: string;
  /** Of the content, where it is known; else it is found while the content is sent. */
  readonly sha256?: string | undefined;
  /** A transfer in which nothing moved for so long has failed. */
  readonly idleMs: number;
}

/** What has become of it. */
export interface Uploaded {
  readonly sha256: string;
  /** Whether the cluster did not have it before. */
  readonly fresh: boolean;
}

/**
 * Brings a file's content to a gateway, unless the cluster has it: it is sent while it is hashed, and left at once when the
 * hash turns out to be known there.
 *
 * @throws Error with a reason in plain words
 */
export async function uploadFile(options: UploadOptions, signal: AbortSignal): Promise<Uploaded> {
  signal.throwIfAborted();
  const file = await open(options.path);
  const over = new AbortController();
  const upload = new Upload(options, file, AbortSignal.any([signal, over.signal]));
  try {
    return await upload.run();
  } finally {
    over.abort();
    upload.close();
    await file.close();
  }
}

class Upload {
  readonly #options: UploadOptions;
  readonly #file: FileHandle;
  readonly #signal: AbortSignal;
  readonly #socket: WebSocket;
  readonly #ended = Promise.withResolvers<boolean>();
  readonly #opened = Promise.withResolvers<void>();
  readonly #begun = Promise.withResolvers<void>();
  #written = 0;
  #moved: () => void = () => undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: UploadOptions, file: FileHandle, signal: AbortSignal) {
    this.#options = options;
    this.#file = file;
    this.#signal = signal;
    this.#socket = new WebSocket(options.url, {
      perMessageDeflate: false,
      handshakeTimeout: connectTimeoutMs,
      maxPayload: answerLimitBytes,
      // What masking protects is a browser's page from the words of a script in it; here it would cost more than the rest.
      generateMask: (mask) => mask.fill(0),
      ...(options.agent === undefined ? {} : { agent: options.agent }),
    });
    this.#listen();
  }

  async run(): Promise<Uploaded> {
    const { sha256: known = null } = this.#options;
    const failed = this.#ended.promise.then(() => undefined);
    const [{ size }] = await Promise.all([this.#file.stat(), Promise.race([this.#opened.promise, failed])]);
    this.#say({ t: "hello", v: remoteLinkVersion, token: this.#options.token, window: randomUUID() });
    this.#say({ t: "put", sizeBytes: size, sha256: known });
    await Promise.race([this.#begun.promise, failed]);
    const hashed = known === null ? this.#hash() : Promise.resolve(known);
    const sent = this.#send(size);
    // The last word may come before all was sent: then nobody needs the rest.
    const work = Promise.all([hashed, sent]);
    work.catch(() => undefined);
    await Promise.race([work, this.#ended.promise]);
    const fresh = await this.#ended.promise;
    return { sha256: await hashed, fresh };
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#socket.terminate();
  }

  #listen(): void {
    const fail = (reason: unknown): void => {
      this.#ended.reject(reason);
      this.#moved();
    };
    this.#ended.promise.catch(() => undefined);
    this.#signal.addEventListener("abort", () => fail(this.#signal.reason), { once: true });
    this.#socket.on("open", () => this.#opened.resolve());
    this.#socket.on("error", (error) => fail(new Error(messageOf(error) || "the connection failed")));
    this.#socket.on("close", (code) => fail(new Error(`the other side closed the connection (${code})`)));
    this.#socket.on("message", (data: Buffer, isBinary) => {
      this.#watch();
      try {
        this.#handle(fromUploadSchema.parse(JSON.parse(isBinary ? "" : data.toString("utf8"))));
      } catch (error) {
        fail(error instanceof Refusal ? error : new Error("what answers there is not the gateway"));
      }
    });
    this.#watch();
  }

  #handle(frame: FromUpload): void {
    switch (frame.t) {
      case "welcome":
        return;
      case "refused":
        throw new Refusal(frame.message);
      case "failed":
        throw new Refusal(frame.message);
      case "wrote":
        this.#written = frame.bytes;
        this.#begun.resolve();
        this.#moved();
        return;
      case "kept":
        this.#ended.resolve(frame.fresh);
        this.#begun.resolve();
        this.#moved();
    }
  }

  async #send(size: number): Promise<void> {
    for (let at = 0; at < size && !this.#signal.aborted && this.#socket.readyState === WebSocket.OPEN;) {
      const piece = Buffer.allocUnsafe(Math.min(pieceBytes, size - at));
      // oxlint-disable no-await-in-loop -- one piece after the other
      const { bytesRead } = await this.#file.read(piece, 0, piece.length, at);
      if (bytesRead === 0) {
        throw new Error("the file has become shorter while it was read");
      }
      while (at + bytesRead - this.#written > underWayBytes && this.#socket.readyState === WebSocket.OPEN) {
        await this.#room();
      }
      // oxlint-enable no-await-in-loop
      this.#socket.send(piece.subarray(0, bytesRead));
      at += bytesRead;
    }
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#moved = resolve;
    });
  }

  async #hash(): Promise<string> {
    const hash = createHash("sha256");
    const stream = createReadStream(this.#options.path, { highWaterMark: hashedPieceBytes, signal: this.#signal });
    for await (const piece of stream) {
      hash.update(piece);
    }
    const sha256 = hash.digest("hex");
    this.#say({ t: "hash", sha256 });
    return sha256;
  }

  #say(frame: ToUpload | { readonly t: "hello"; readonly v: number; readonly token: string; readonly window: string }) {
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(frame));
    }
  }

  #watch(): void {
    clearTimeout(this.#idle);
    const { idleMs } = this.#options;
    this.#idle = setTimeout(() => {
      this.#ended.reject(new Error(`nothing moved for ${idleMs / 1000} seconds`));
      this.#moved();
    }, idleMs);
  }
}

/** What the gateway said, for a person. */
class Refusal extends Error {
  override readonly name = "Refusal";
}
