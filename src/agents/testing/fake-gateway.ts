import { createHash } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { WebSocketServer, type WebSocket } from "ws";
import { type FromUpload, toUploadSchema } from "../protocol/remote-upload.ts";
import { type FromGateway, type ToGateway, frameSeparator, readToGateway } from "../protocol/remote-link.ts";

const linkPath = "/byzer/v1/link";
const uploadPath = "/byzer/v1/upload";

/** What a child does with a body; what it returns is posted, and `say` posts at any time. */
export type ChildBehaviour = (body: unknown, say: (body: unknown) => void) => void;

/** A child that is more than a function. */
export interface MadeChild {
  /** What it says about itself, at each opening. */
  readonly about: () => object;
  readonly take: ChildBehaviour;
  readonly end: () => void;
}

/** How somebody came to a child. */
interface Opening {
  readonly socket: WebSocket;
  readonly window: string;
  readonly frame: Extract<ToGateway, { t: "open" }>;
}

/** Something on the far side that channels lead to, with what the protocol has it remember. */
class Child {
  readonly epoch: string;
  readonly bodies: unknown[] = [];
  readonly receivedBy = new Map<string, number>();
  firstKept = 1;
  made: MadeChild | undefined;
  window: { readonly name: string; readonly channel: string; readonly socket: WebSocket } | undefined;

  constructor(epoch: string) {
    this.epoch = epoch;
  }
}

export interface FakeGatewayOptions {
  /** The one that is admitted; or {@link admitted} tells. */
  readonly token?: string;
  readonly admitted?: (token: string) => boolean;
  /** Of our package there. */
  readonly version?: string;
  /** Contents by hash, put and fetched over HTTP. */
  readonly blobs?: Map<string, Buffer>;
  /** What else it answers over HTTP to somebody who is admitted, such as to `GET /byzer/v1/status`; `undefined` for nothing. */
  readonly tells?: (asked: string) => unknown;
  /** What children do, by kind. */
  readonly behaviours?: { readonly [kind: string]: ChildBehaviour };
  /** Makes children of some kinds; the others are functions. */
  readonly makes?: {
    readonly [kind: string]: (create: object, say: (body: unknown) => void) => Promise<MadeChild>;
  };
}

/** A gateway as the protocol describes it, in this process: nothing of Ray, and written apart from the client. */
export class FakeGateway {
  readonly server: Server;
  /** Every frame that windows have sent, in order. */
  readonly frames: ToGateway[] = [];
  readonly children = new Map<string, Child>();
  port = 0;
  /** Hashes of the contents that were brought and were not there before, in order. */
  readonly brought: string[] = [];
  /** Bytes of contents that came, in all. */
  broughtBytes = 0;
  /** Why the next links are refused. */
  refusal: { readonly code: string; readonly message: string } | null = null;
  /** Whether children are made as they are asked for; until then windows are told to wait. */
  hasRoom = true;
  readonly #options: FakeGatewayOptions;
  readonly #sockets: WebSocketServer;
  #admitted: (token: string) => boolean;
  #version: string;
  #epochs = 0;

  constructor(options: FakeGatewayOptions) {
    this.#options = options;
    this.#admitted = options.admitted ?? ((token) => token === options.token);
    this.#version = options.version ?? "1";
    this.server = createServer((request, response) => {
      void this.#answer(request, response);
    });
    this.#sockets = new WebSocketServer({
      server: this.server,
      perMessageDeflate: false,
      verifyClient: ({ req }, answer) => answer(req.url === linkPath || req.url === uploadPath, 404),
    });
    this.#sockets.on("connection", (socket, { url }) => {
      if (url === uploadPath) {
        this.#upload(socket);
      } else {
        this.#welcome(socket);
      }
    });
  }

  async listen(port = 0): Promise<void> {
    this.server.listen(port, "127.0.0.1");
    await once(this.server, "listening");
    const address = this.server.address();
    this.port = typeof address === "object" && address !== null ? address.port : 0;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}${linkPath}`;
  }

  /** Admits others from now on, as one of another version. */
  admit(admitted: (token: string) => boolean, version: string): void {
    this.#admitted = admitted;
    this.#version = version;
  }

  /** Ends all links, as a gateway that dies. */
  dropLinks(): void {
    this.#sockets.clients.forEach((socket) => socket.terminate());
  }

  async close(): Promise<void> {
    this.dropLinks();
    this.#sockets.close();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  /** Lets a child say something. */
  say(name: string, body: unknown): void {
    const child = this.children.get(name);
    if (child !== undefined) {
      this.#post(child, body);
    }
  }

  /** Ends a child, as the cluster tells it. */
  end(name: string, code: string, message: string): void {
    const child = this.children.get(name);
    this.children.delete(name);
    child?.made?.end();
    if (child?.window !== undefined) {
      this.#send(child.window.socket, { t: "closed", channel: child.window.channel, reason: { code, message } });
    }
  }

  /** Replaces a child by one that remembers nothing. */
  renew(name: string): void {
    this.children.set(name, new Child(`e${(this.#epochs += 1)}`));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    if (request.url === "/byzer/v1/health") {
      response.writeHead(200).end('{"byzer":1}');
      return;
    }
    const bearer = request.headers.authorization?.replace(/^Bearer /u, "") ?? "";
    const told = this.#admitted(bearer) ? this.#options.tells?.(`${request.method} ${request.url}`) : undefined;
    if (told !== undefined) {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(told));
      return;
    }
    const sha256 = /^\/byzer\/v1\/blobs\/([0-9a-f]{64})$/u.exec(request.url ?? "")?.[1];
    const { blobs } = this.#options;
    if (
      blobs === undefined ||
      sha256 === undefined ||
      request.headers.authorization !== `Bearer ${this.#options.token}`
    ) {
      response.writeHead(404).end();
      return;
    }
    const content = blobs.get(sha256);
    response.writeHead(content === undefined ? 404 : 200);
    response.end(request.method === "HEAD" ? undefined : content);
  }

  /** Takes a content. */
  #upload(socket: WebSocket): void {
    const pieces: Buffer[] = [];
    let size = 0;
    let expected: { readonly sizeBytes: number; sha256: string | null } | undefined;
    const say = (frame: FromUpload): void => socket.send(JSON.stringify(frame));
    const { blobs = new Map<string, Buffer>() } = this.#options;
    const finish = (): void => {
      if (expected?.sha256 === undefined || expected.sha256 === null) {
        return;
      }
      const content = Buffer.concat(pieces);
      const isKnown = blobs.has(expected.sha256);
      if (!isKnown && size < expected.sizeBytes) {
        return;
      }
      if (isKnown || createHash("sha256").update(content).digest("hex") === expected.sha256) {
        blobs.set(expected.sha256, blobs.get(expected.sha256) ?? content);
        this.brought.push(...(isKnown ? [] : [expected.sha256]));
        say({ t: "kept", fresh: !isKnown });
      } else {
        say({ t: "failed", code: "mismatch", message: "what came is not what its hash says" });
      }
    };
    socket.on("error", () => undefined);
    socket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) {
        this.broughtBytes += data.length;
        pieces.push(data);
        size += data.length;
        say({ t: "wrote", bytes: size });
        finish();
        return;
      }
      const value: unknown = JSON.parse(data.toString("utf8"));
      const frame = toUploadSchema.safeParse(value).data;
      if (frame === undefined) {
        const hello = readToGateway(data.toString("utf8"));
        const isAdmitted = hello?.t === "hello" && this.#admitted(hello.token);
        say(
          isAdmitted ? { t: "welcome", v: 1 } : { t: "refused", code: "token", message: "This token is not admitted." },
        );
      } else if (frame.t === "put") {
        expected = { ...frame };
        if (frame.sha256 === null || !blobs.has(frame.sha256)) {
          say({ t: "wrote", bytes: 0 });
        }
        finish();
      } else if (expected !== undefined) {
        expected.sha256 = frame.sha256;
        finish();
      }
    });
  }

  #send(socket: WebSocket, frame: FromGateway): void {
    socket.send(JSON.stringify(frame));
  }

  #welcome(socket: WebSocket): void {
    let window: string | undefined;
    socket.on("error", () => undefined);
    socket.on("message", (data: Buffer) => {
      const frames = data.toString("utf8").split(frameSeparator).map(readToGateway);
      for (const frame of frames.filter((each) => each !== null)) {
        this.frames.push(frame);
        if (frame.t === "hello") {
          window = frame.window;
          this.#greet(socket, frame.token);
        } else if (window !== undefined) {
          this.#handle(socket, window, frame);
        }
      }
    });
  }

  #greet(socket: WebSocket, token: string): void {
    const refusal =
      this.refusal ?? (this.#admitted(token) ? null : { code: "token", message: "This token was not admitted." });
    if (refusal !== null) {
      this.#send(socket, { t: "refused", ...refusal });
      socket.close();
      return;
    }
    this.#send(socket, { t: "welcome", v: 1, server: { version: this.#version, ray: "2.58.0", python: "3.11.7" } });
  }

  #handle(socket: WebSocket, window: string, frame: Exclude<ToGateway, { t: "hello" }>): void {
    switch (frame.t) {
      case "ping":
        this.#send(socket, { t: "pong", n: frame.n });
        return;
      case "open":
        this.#open(socket, window, frame);
        return;
      case "data":
        this.#take(window, frame);
        return;
      case "ack":
        this.#forgetTaken(window, frame);
        return;
      case "close":
        this.#leave(socket, frame);
        return;
      default:
    }
  }

  #open(socket: WebSocket, window: string, frame: Extract<ToGateway, { t: "open" }>): void {
    const { channel, target } = frame;
    const child = this.children.get(target.name);
    if (child === undefined && target.create === null) {
      this.#send(socket, {
        t: "closed",
        channel,
        reason: { code: "gone", message: `There is no ${target.kind} ${target.name}.` },
      });
      return;
    }
    if (child === undefined && !this.hasRoom) {
      this.#send(socket, { t: "waiting", channel, code: "resources", message: "No node has 16 GB free." });
      return;
    }
    if (child !== undefined) {
      this.#join(child, { socket, window, frame });
      return;
    }
    const made = new Child(`e${(this.#epochs += 1)}`);
    this.children.set(target.name, made);
    void this.#make(made, { socket, window, frame });
  }

  async #make(child: Child, opening: Opening): Promise<void> {
    const { kind, create } = opening.frame.target;
    child.made = await this.#options.makes?.[kind]?.(create ?? {}, (body) => this.#post(child, body));
    this.#join(child, opening);
  }

  #join(child: Child, { socket, window, frame }: Opening): void {
    const { channel, received, epoch } = frame;
    if (child.window !== undefined && child.window.name !== window) {
      const reason = { code: "taken", message: "Another window has taken over." };
      this.#send(child.window.socket, { t: "closed", channel: child.window.channel, reason });
    }
    child.window = { name: window, channel, socket };
    const known = epoch === child.epoch ? received : 0;
    const next = Math.max(known + 1, child.firstKept);
    const about = child.made?.about() ?? {};
    this.#send(socket, {
      t: "opened",
      channel,
      epoch: child.epoch,
      received: child.receivedBy.get(window) ?? 0,
      next,
      fresh: epoch !== child.epoch,
      about: JSON.parse(JSON.stringify(about)),
    });
    const missing = child.bodies
      .slice(next - 1)
      .map((body, at): FromGateway => ({ t: "data", channel, seq: next + at, body }));
    if (missing.length > 0) {
      socket.send(missing.map((each) => JSON.stringify(each)).join(frameSeparator));
    }
  }

  #take(window: string, frame: Extract<ToGateway, { t: "data" }>): void {
    const entry = [...this.children].find(
      ([, child]) => child.window?.name === window && child.window.channel === frame.channel,
    );
    if (entry === undefined) {
      return;
    }
    const [name, child] = entry;
    const received = child.receivedBy.get(window) ?? 0;
    if (frame.seq === received + 1) {
      child.receivedBy.set(window, frame.seq);
      const behaviour = child.made?.take ?? this.#options.behaviours?.[name.split("-")[0] ?? ""];
      behaviour?.(frame.body, (body) => this.#post(child, body));
    }
    if (child.window !== undefined) {
      const seq = child.receivedBy.get(window) ?? 0;
      this.#send(child.window.socket, { t: "ack", channel: frame.channel, seq });
    }
  }

  /** What a window has is not told to the next one. */
  #forgetTaken(name: string, { channel, seq }: Extract<ToGateway, { t: "ack" }>): void {
    const child = [...this.children.values()].find(({ window }) => window?.name === name && window.channel === channel);
    if (child !== undefined) {
      child.firstKept = Math.max(child.firstKept, seq + 1);
    }
  }

  #leave(socket: WebSocket, frame: Extract<ToGateway, { t: "close" }>): void {
    const entry = [...this.children].find(
      ([, { window }]) => window?.socket === socket && window.channel === frame.channel,
    );
    if (entry !== undefined && frame.end) {
      this.end(entry[0], "ended", "It was ended.");
    } else if (entry !== undefined) {
      entry[1].window = undefined;
    } else if (frame.end) {
      const reason = { code: "ended", message: "It was given up." };
      this.#send(socket, { t: "closed", channel: frame.channel, reason });
    }
  }

  #post(child: Child, body: unknown): void {
    child.bodies.push(body);
    const { window } = child;
    if (window !== undefined && window.socket.readyState === window.socket.OPEN) {
      this.#send(window.socket, { t: "data", channel: window.channel, seq: child.bodies.length, body });
    }
  }
}
