import { randomBytes, randomInt, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { interpreterPorts } from "./interpreter-ports.ts";
import { type Hello, helloSchema } from "./wire.ts";

/** A stranger that connects and says nothing is dropped after this, milliseconds. */
const HELLO_TIMEOUT_MS = 5000;
const portTries = 20;
const MAX_HELLO_BYTES = 256 * 1024;

/** A connection whose first line proved its token. `rest` is what had come behind it. */
export interface Accepted {
  readonly socket: Socket;
  readonly hello: Hello;
  readonly rest: Buffer;
}

/** A loopback port, or a socket in a folder, that lets exactly one program in: the one that knows the token. */
export interface Doorway {
  /** 0 for a socket in a folder. */
  readonly port: number;
  readonly token: string;
  /** Resolves with the first connection that knows the token; stays open while nobody does. */
  readonly accepted: Promise<Accepted>;
  /** Stops listening; an accepted connection lives on. */
  close(): void;
}

/**
 * Listens on a free port of 127.0.0.1, or at `path` for programs that reach no port, with a new token of 256 bits.
 *
 * @param path Of a Unix socket; nothing is there yet. Shorter than 100 bytes.
 */
export async function openDoorway(path?: string): Promise<Doorway> {
  const token = randomBytes(32).toString("hex");
  const server = createServer({ noDelay: true });
  const accepted = new Promise<Accepted>((resolve) => {
    server.on("connection", (socket) => receiveHello(socket, token, resolve));
  });
  await (path === undefined ? listen(server, portTries) : listenAt(server, path));
  return {
    port: path === undefined ? portOf(server) : 0,
    token,
    accepted: closeAfter(server, accepted),
    close: () => server.close(),
  };
}

/** Listens on one of our ports, or on any where those that were tried are taken. */
async function listen(server: Server, tries: number): Promise<void> {
  const port = tries === 0 ? 0 : randomInt(interpreterPorts.first, interpreterPorts.last + 1);
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  } catch (error) {
    if (tries === 0) {
      throw error;
    }
    await listen(server, tries - 1);
  }
}

async function listenAt(server: Server, path: string): Promise<void> {
  server.listen(path);
  await once(server, "listening");
}

async function closeAfter(server: Server, accepted: Promise<Accepted>): Promise<Accepted> {
  const connection = await accepted;
  server.close();
  return connection;
}

function receiveHello(socket: Socket, token: string, accept: (accepted: Accepted) => void): void {
  let received = Buffer.alloc(0);
  const timer = setTimeout(() => socket.destroy(), HELLO_TIMEOUT_MS);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => clearTimeout(timer));
  const onData = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk]);
    const end = received.indexOf("\n");
    if (end < 0 && received.length <= MAX_HELLO_BYTES) {
      return;
    }
    clearTimeout(timer);
    socket.off("data", onData);
    socket.pause();
    const hello = end < 0 ? undefined : parseHello(received.toString("utf8", 0, end));
    if (hello !== undefined && sameToken(hello.token, token)) {
      accept({ socket, hello, rest: received.subarray(end + 1) });
    } else {
      socket.destroy();
    }
  };
  socket.on("data", onData);
}

function parseHello(line: string): Hello | undefined {
  try {
    return helloSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function sameToken(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") {
    throw new TypeError("The server listens on no port.");
  }
  return address.port;
}
