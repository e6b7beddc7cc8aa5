import type { ChildProcess } from "node:child_process";
import { deserializeMessage, serializeMessage } from "@modelcontextprotocol/sdk/shared/stdio.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import spawn from "cross-spawn";
import { LineCutter } from "../base/line-cutter.ts";
import { killTree } from "../base/kill-tree.ts";
import type { McpTarget } from "./expand-variables.ts";

const tailChars = 4_000;
/** Milliseconds that a program has to end by itself when its input is closed. */
const endingMs = 1_000;

/** Speaks to a program by lines, holds no more of one than it may be long, and ends the program with all that it started. */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** Exit code once it has ended; `null` for an end by a signal. */
  exitCode: number | null = null;
  readonly #target: Extract<McpTarget, { readonly kind: "stdio" }>;
  readonly #lines: LineCutter;
  /** It sent a line that is too long; what comes after it is no line. */
  #isLost = false;
  #child: ChildProcess | undefined;
  #tail = "";
  #closing: Promise<void> | undefined;
  #closed: Promise<void> = Promise.resolve();

  /** @param longestLine Bytes. */
  constructor(target: Extract<McpTarget, { readonly kind: "stdio" }>, longestLine: number) {
    this.#target = target;
    this.#lines = new LineCutter(longestLine);
  }

  /** What it printed last that is no message. */
  get tail(): string {
    return this.#tail.trim();
  }

  start(): Promise<void> {
    const { command, args, env, cwd } = this.#target;
    const child = spawn(command, [...args], {
      cwd,
      env: { ...env },
      stdio: "pipe",
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    this.#child = child;
    child.stdout?.on("data", (chunk: Buffer) => this.#read(chunk));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => this.#note(text));
    // What it did not read any more is told when it has ended.
    child.stdin?.on("error", () => {});
    this.#closed = new Promise((resolve) => {
      child.once("close", (code) => {
        this.exitCode = code;
        resolve();
        if (child.pid !== undefined) {
          this.onclose?.();
        }
      });
    });
    return new Promise((resolve, reject) => {
      child.once("spawn", resolve);
      child.on("error", reject);
    });
  }

  send(message: JSONRPCMessage): Promise<void> {
    const input = this.#child?.stdin;
    if (input === undefined || input === null || !input.writable) {
      return Promise.reject(new Error("It has ended."));
    }

    return new Promise((resolve, reject) => {
      input.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Resolves when it is gone. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined) {
      return;
    }

    child.stdin?.end();
    const kill = setTimeout(() => killTree(child), endingMs);
    await this.#closed;
    clearTimeout(kill);
    // What it started and left behind.
    killTree(child);
  }

  /** Ends it without waiting for it to end by itself. */
  async kill(): Promise<void> {
    if (this.#child !== undefined) {
      killTree(this.#child);
    }

    await this.close();
  }

  #read(chunk: Buffer): void {
    if (this.#isLost) {
      return;
    }

    try {
      for (const line of this.#lines.push(chunk)) {
        this.#take(line);
      }
    } catch (error) {
      if (!(error instanceof RangeError)) {
        throw error;
      }

      this.#isLost = true;
      this.onerror?.(error);
    }
  }

  /** Many programs also print what is no message. */
  #take(line: string): void {
    if (line.trim() === "") {
      return;
    }

    let message: JSONRPCMessage;
    try {
      message = deserializeMessage(line);
    } catch {
      this.#note(`${line.slice(0, tailChars)}\n`);
      return;
    }

    this.onmessage?.(message);
  }

  #note(text: string): void {
    this.#tail = (this.#tail + text).slice(-tailChars);
  }
}
