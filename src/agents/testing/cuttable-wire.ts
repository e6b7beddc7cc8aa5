import { once } from "node:events";
import { type Server, type Socket, connect, createServer } from "node:net";

/** A wire between a client and a server of this machine that a test can cut. */
export interface CuttableWire {
  readonly port: number;
  /** Ends every connection, and takes no new ones until {@link heal}. */
  cut(): void;
  /** Lets nothing through any more without ending anything, as a cable that was pulled out. */
  freeze(): void;
  /** Ends what was frozen and takes new connections. */
  heal(): void;
  close(): Promise<void>;
}

/** Opens a port of this machine that leads to `target`. */
export async function openWire(target: number): Promise<CuttableWire> {
  const wire = new Wire(target);
  await wire.listen();
  return wire;
}

class Wire implements CuttableWire {
  port = 0;
  readonly #target: number;
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #state: "whole" | "cut" | "frozen" = "whole";

  constructor(target: number) {
    this.#target = target;
    this.#server = createServer({ noDelay: true }, (near) => this.#join(near));
  }

  async listen(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    this.port = typeof address === "object" && address !== null ? address.port : 0;
  }

  cut(): void {
    this.#state = "cut";
    this.#pairs.forEach((pair) => pair.forEach((socket) => socket.destroy()));
  }

  freeze(): void {
    this.#state = "frozen";
  }

  heal(): void {
    this.cut();
    this.#state = "whole";
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(near: Socket): void {
    if (this.#state === "cut") {
      near.destroy();
      return;
    }
    const far = connect({ port: this.#target, host: "127.0.0.1", noDelay: true });
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on("data", (data) => this.#state === "whole" && to.write(data));
      from.on("error", () => undefined);
      from.on("close", () => {
        this.#pairs.delete(pair);
        if (this.#state !== "frozen") {
          to.destroy();
        }
      });
    }
  }
}
