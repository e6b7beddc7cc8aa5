import type { Agent } from "node:http";
import { WebSocket } from "ws";
import { AgentError, messageOf } from "../base/errors.ts";
import {
  type FromGateway,
  type RemoteServer,
  type ToGateway,
  frameSeparator,
  fromGatewayLimitBytes,
  readFromGateway,
  remoteLinkVersion,
} from "../protocol/remote-link.ts";
import { startHeartbeat } from "./heartbeat.ts";

/** How long a connection may take to stand and to be welcomed, milliseconds. */
const welcomeTimeoutMs = 10_000;

/** Frames that are sent at once go in one message, unless together they are longer; characters. */
const messageCharacters = 256 * 1024;

/** How one connection to a gateway is made. */
export interface SocketOptions {
  /** Of the link, such as `ws://10.0.0.4:8000/byzer/v1/link`; never with the token in it. */
  readonly url: string;
  readonly token: string;
  readonly window: string;
  /** The pool to connect through, such as one that knows a proxy; Node's own where left out. */
  readonly agent?: Agent | undefined;
  /** Sees every frame after the welcome, in order. */
  readonly onFrame: (frame: FromGateway) => void;
}

/** A welcomed connection to a gateway. */
export interface RemoteSocket {
  readonly server: RemoteServer;
  /** Sends one frame, with those that are sent at the same time. */
  send(text: string): void;
  /** Resolves when it is gone, with the reason in plain words, and what the gateway said where it refused us. */
  readonly closed: Promise<SocketEnd>;
  /** Lets what was sent arrive, then ends it. */
  close(): void;
  /** Ends it at once. @param reason Told by {@link closed}. */
  drop(reason: string): void;
}

export interface SocketEnd {
  readonly reason: string;
  readonly refusal: { readonly code: string; readonly message: string } | null;
}

/**
 * Connects to a gateway, says hello and waits for the welcome. Afterwards silence of the other side ends the connection.
 *
 * @param signal Gives up; it does nothing to a connection that stands.
 * @throws AgentError `remote.unreachable`, `remote.refused`, `remote.not-ray`
 */
export function openRemoteSocket(options: SocketOptions, signal: AbortSignal): Promise<RemoteSocket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const giveUp = (): void => connection.drop("it was given up");
    // What stands is closed in good order: a connection that is dropped loses what was said last.
    const welcomed = (socket: RemoteSocket): void => {
      signal.removeEventListener("abort", giveUp);
      resolve(socket);
    };
    const connection = new Connection(options, welcomed, reject);
    signal.addEventListener("abort", giveUp, { once: true });
  });
}

class Connection implements RemoteSocket {
  readonly closed: Promise<SocketEnd>;
  readonly #options: SocketOptions;
  readonly #socket: WebSocket;
  readonly #settle: (end: SocketEnd) => void;
  readonly #welcomed: (connection: RemoteSocket) => void;
  readonly #timer: NodeJS.Timeout;
  #server: RemoteServer | undefined;
  #reason: string | undefined;
  #refusal: SocketEnd["refusal"] = null;
  #heartbeat: ReturnType<typeof startHeartbeat> | undefined;
  #unsent: string[] = [];
  #unsentCharacters = 0;
  #isDropped = false;

  constructor(
    options: SocketOptions,
    welcomed: (connection: RemoteSocket) => void,
    failed: (error: AgentError) => void,
  ) {
    const { promise, resolve } = Promise.withResolvers<SocketEnd>();
    this.closed = promise;
    this.#settle = resolve;
    this.#options = options;
    this.#welcomed = welcomed;
    this.#timer = setTimeout(() => this.drop(`no welcome within ${welcomeTimeoutMs / 1000} s`), welcomeTimeoutMs);
    this.#socket = new WebSocket(options.url, {
      perMessageDeflate: false,
      maxPayload: fromGatewayLimitBytes,
      handshakeTimeout: welcomeTimeoutMs,
      ...(options.agent === undefined ? {} : { agent: options.agent }),
    });
    this.#listen();
    void this.#explainFailure(failed);
  }

  get server(): RemoteServer {
    if (this.#server === undefined) {
      throw new TypeError("The gateway has not said welcome.");
    }
    return this.#server;
  }

  send(text: string): void {
    if (this.#unsent.length > 0 && this.#unsentCharacters + text.length > messageCharacters) {
      this.#flush();
    }
    if (this.#unsent.length === 0) {
      queueMicrotask(() => this.#flush());
    }
    this.#unsent.push(text);
    this.#unsentCharacters += text.length;
  }

  close(): void {
    this.#flush();
    this.#reason ??= "it was closed from here";
    this.#socket.close(1000);
    // A peer that does not answer the goodbye keeps nobody waiting.
    setTimeout(() => this.#socket.terminate(), 1000).unref();
  }

  drop(reason: string): void {
    this.#isDropped = true;
    this.#reason ??= reason;
    this.#socket.terminate();
  }

  #listen(): void {
    const { token, window } = this.#options;
    this.#socket.on("open", () => this.#say({ t: "hello", v: remoteLinkVersion, token, window }));
    this.#socket.on("message", (data, isBinary) => this.#receive(isBinary ? null : textOf(data)));
    this.#socket.on("error", (error) => {
      this.#reason ??= messageOf(error) === "" ? "the connection failed" : messageOf(error);
    });
    this.#socket.on("close", (code) => {
      clearTimeout(this.#timer);
      this.#heartbeat?.stop();
      this.#settle({ reason: this.#reason ?? `the other side closed it (${code})`, refusal: this.#refusal });
    });
  }

  #flush(): void {
    const texts = this.#unsent;
    this.#unsent = [];
    this.#unsentCharacters = 0;
    if (texts.length > 0 && this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(texts.join(frameSeparator));
    }
  }

  #say(frame: ToGateway): void {
    this.send(JSON.stringify(frame));
  }

  #receive(text: string | null): void {
    let frames: readonly (FromGateway | null)[];
    try {
      if (text === null) {
        throw new TypeError("a binary frame");
      }
      frames = text.split(frameSeparator).map(readFromGateway);
    } catch {
      this.drop("the gateway sent something that cannot be understood");
      return;
    }
    this.#heartbeat?.heard();
    for (const frame of frames) {
      if (frame !== null && !this.#isDropped) {
        this.#handle(frame);
      }
    }
  }

  #handle(frame: FromGateway): void {
    switch (frame.t) {
      case "welcome":
        this.#begin(frame.server);
        return;
      case "refused":
        this.#refusal = { code: frame.code, message: frame.message };
        this.drop(frame.message);
        return;
      case "ping":
        this.#say({ t: "pong", n: frame.n });
        return;
      case "pong":
        return;
      default:
        if (this.#server !== undefined) {
          this.#options.onFrame(frame);
        }
    }
  }

  #begin(server: RemoteServer): void {
    clearTimeout(this.#timer);
    this.#server = server;
    this.#heartbeat = startHeartbeat({
      ping: (n) => this.#say({ t: "ping", n }),
      silent: () => this.drop("no sign of life from the cluster"),
    });
    this.#welcomed(this);
  }

  async #explainFailure(failed: (error: AgentError) => void): Promise<void> {
    const { reason, refusal } = await this.closed;
    if (this.#server !== undefined) {
      return;
    }
    const address = this.#options.url;
    if (refusal !== null) {
      const message = `The gateway at ${address} refused the link: ${refusal.message}`;
      failed(new AgentError("remote.refused", { address, why: refusal.code }, message));
    } else if (/^Unexpected server response: [34]/u.test(reason)) {
      const message = `What answers at ${address} is not the gateway of Byzer (${reason}).`;
      failed(new AgentError("remote.not-ray", { address, reason }, message));
    } else {
      const message = `The gateway at ${address} cannot be reached: ${reason}.`;
      failed(new AgentError("remote.unreachable", { address, reason }, message));
    }
  }
}

function textOf(data: unknown): string {
  if (Buffer.isBuffer(data)) {
    return data.toString("utf8");
  }
  throw new TypeError("A text frame comes in one piece.");
}
