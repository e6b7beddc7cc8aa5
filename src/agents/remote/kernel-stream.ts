import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { LineReader } from "../python/line-reader.ts";
import {
  type FolderChanges,
  type FromKernel,
  type KernelExit,
  type ToKernel,
  type WrittenFile,
  fromKernelSchema,
} from "../protocol/remote-kernel.ts";
import type { Gateway } from "./gateway.ts";
import type { RemoteChannel } from "./link-channel.ts";

/** What a stream of a kernel is given. */
export interface KernelStreamParts {
  readonly gateway: Pick<Gateway, "fetch">;
  /** Absolute, on this machine: where pictures and whole outputs go. */
  readonly outputDirectory: string;
  /** What the terminal of the kernel shows. */
  readonly onTerminal: (text: string) => void;
  /** A cell has ended. */
  readonly onDone: (cellId: string) => void;
  readonly onPlaced: (placed: Extract<FromKernel, { placed: unknown }>["placed"]) => void;
  /** A cell has ended, and what it wrote is known. */
  readonly onWritten: (changes: FolderChanges) => void;
  readonly onExit: (exit: KernelExit) => void;
  /** What it said cannot be understood, or a file that a line names could not be had. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * The lines of an interpreter over a channel, as a stream: what a socket is to one on this machine. A file that a line
 * names is there before the line comes.
 */
export class KernelStream extends Duplex {
  readonly #parts: KernelStreamParts;
  readonly #lines = new LineReader();
  #channel: RemoteChannel | undefined;
  /** Bodies that came while a file before them is being fetched. */
  #held: FromKernel[] | undefined;
  #fetching: Promise<void> = Promise.resolve();

  constructor(parts: KernelStreamParts) {
    super({ decodeStrings: false, autoDestroy: true });
    this.#parts = parts;
  }

  /** What lines are written to; to be called once, before the first. */
  attach(channel: RemoteChannel): void {
    this.#channel = channel;
  }

  /** Takes a body of the kernel. */
  receive(body: unknown): void {
    const parsed = fromKernelSchema.safeParse(body);
    if (!parsed.success) {
      this.#parts.onTrouble(parsed.error);
      this.destroy();
    } else if (this.#held === undefined) {
      this.#handle(parsed.data);
    } else {
      this.#held.push(parsed.data);
    }
  }

  /** Resolves when all that came has been handed on. */
  async settled(): Promise<void> {
    while (this.#held !== undefined) {
      // oxlint-disable-next-line no-await-in-loop -- one file may follow another
      await this.#fetching;
    }
  }

  override _read(): void {
    // Lines are pushed as they come: a cell's outputs are bounded where they are made.
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    try {
      for (const line of this.#lines.push(chunk.toString())) {
        const body: ToKernel = { line: JSON.parse(line) };
        this.#channel?.post(body);
      }
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #handle(body: FromKernel): void {
    if ("line" in body) {
      this.push(`${JSON.stringify(body.line)}\n`);
      const { t, cell } = body.line;
      if (t === "done" && typeof cell === "string") {
        this.#parts.onDone(cell);
      }
    } else if ("terminal" in body) {
      this.#parts.onTerminal(body.terminal);
    } else if ("file" in body) {
      this.#receiveFile(body.file);
    } else if ("written" in body) {
      this.#parts.onWritten(body.written);
    } else if ("placed" in body) {
      this.#parts.onPlaced(body.placed);
    } else {
      this.#parts.onExit(body.exited);
    }
  }

  #receiveFile(file: WrittenFile): void {
    const path = join(this.#parts.outputDirectory, file.name);
    if (file.base64 === undefined) {
      this.#held = [];
      this.#fetching = this.#fetchFile(file, path);
      return;
    }
    try {
      writeFileSync(path, Buffer.from(file.base64, "base64"));
    } catch (error) {
      this.#parts.onTrouble(error);
    }
  }

  async #fetchFile(file: WrittenFile, path: string): Promise<void> {
    try {
      await this.#parts.gateway.fetch(file.sha256, path, new AbortController().signal);
    } catch (error) {
      this.#parts.onTrouble(error);
    }
    const held = this.#held ?? [];
    this.#held = undefined;
    while (held.length > 0 && this.#held === undefined) {
      const [body] = held.splice(0, 1);
      if (body !== undefined) {
        this.#handle(body);
      }
    }
    // Another file is being fetched: what came after it waits for that, too.
    if (held.length > 0) {
      this.#held = [...held, ...(this.#held ?? [])];
    }
  }
}
