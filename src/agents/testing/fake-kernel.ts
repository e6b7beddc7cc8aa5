import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import * as z from "zod/mini";
import { type FolderChanges, type ToKernel, toKernelSchema } from "../protocol/remote-kernel.ts";
import { openDoorway } from "../python/connection.ts";
import { LineReader } from "../python/line-reader.ts";
import type { MadeChild } from "./fake-gateway.ts";

export interface FakeKernelOptions {
  readonly python: string;
  /** The folder of the interpreter program. */
  readonly program: string;
  /** Contents by hash, as the gateway has them. */
  readonly blobs: Map<string, Buffer>;
  /** Larger files travel by their hash. */
  readonly inlineBytes: number;
  /** Told what is to be laid out. */
  readonly onPlace?: (order: Extract<ToKernel, { readonly place: unknown }>["place"]) => void;
}

const endsCell = z.object({ t: z.literal("done"), cell: z.string() });
const namesFile = z.object({ t: z.literal("output"), output: z.looseObject({ file: z.string() }) });

/** Starts the real interpreter as a cluster's side does, in a folder of its own. */
export async function startFakeKernel(options: FakeKernelOptions, say: (body: unknown) => void): Promise<MadeChild> {
  const folder = mkdtempSync(join(tmpdir(), "byzer-fake-kernel-"));
  const [work, output] = [join(folder, "work"), join(folder, "output")];
  [work, output].forEach((path) => mkdirSync(path));
  const doorway = await openDoorway();
  writeFileSync(join(folder, "token"), doorway.token, { mode: 0o600 });
  const child = spawn(options.python, ["-X", "utf8", options.program], {
    cwd: work,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"] ?? "",
      BYZER_INTERPRETER_PORT: String(doorway.port),
      BYZER_INTERPRETER_SOCKET: "",
      BYZER_INTERPRETER_TOKEN_FILE: join(folder, "token"),
      BYZER_INTERPRETER_TITLE: "fake",
      BYZER_INTERPRETER_OUTPUT: output,
      BYZER_INTERPRETER_MEMORY_LIMIT: "0",
    },
  });
  child.stdout.on("data", (text: Buffer) => say({ terminal: text.toString("utf8") }));
  const { socket, hello } = await doorway.accepted;
  const { token: _token, ...greeting } = hello;
  const lines = new LineReader();
  let running: string | null = null;
  const changing = new FakeWork(work, options.blobs);
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    for (const line of lines.push(text)) {
      const message: unknown = JSON.parse(line);
      const named = namesFile.safeParse(message).data?.output.file;
      if (named !== undefined) {
        say({ file: fileBody(options, join(output, named), named) });
      }
      if (endsCell.safeParse(message).success) {
        running = null;
      }
      say({ line: message });
      const ended = endsCell.safeParse(message).data;
      if (ended !== undefined) {
        say({ written: changing.changes(ended.cell) });
      }
    }
  });
  socket.on("error", () => undefined);
  socket.resume();
  child.on("exit", (code) => {
    if (running !== null && existsSync(work)) {
      say({ written: changing.changes(running) });
    }
    say({ exited: { code, reason: "itself", tail: "" } });
  });
  return {
    about: () => ({
      node: "node-1",
      hello: greeting,
      workingDirectory: work,
      outputDirectory: output,
      running,
      written: [...changing.untold.values()],
    }),
    take: (body) => {
      const order = toKernelSchema.parse(body);
      if ("line" in order) {
        running = order.line.t === "run" ? String(order.line["cell"]) : running;
        socket.write(`${JSON.stringify(order.line)}\n`);
      } else if ("place" in order) {
        options.onPlace?.(order.place);
        say({ placed: { id: order.place.id, ...lay(work, order.place.files, options.blobs) } });
        changing.forget();
      } else if ("brought" in order) {
        changing.untold.delete(order.brought);
      } else if ("signal" in order) {
        child.kill(order.signal === "kill" ? "SIGKILL" : "SIGINT");
      }
    },
    end: () => {
      child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What changes in the folder of cells, told as a cluster tells it. */
class FakeWork {
  /** What no window has dealt with, by its number. */
  readonly untold = new Map<number, FolderChanges>();
  readonly #folder: string;
  readonly #blobs: Map<string, Buffer>;
  #known = new Map<string, string>();
  #count = 0;

  constructor(folder: string, blobs: Map<string, Buffer>) {
    this.#folder = folder;
    this.#blobs = blobs;
  }

  /** What lies there now was not written by code. */
  forget(): void {
    this.#known = this.#look();
  }

  changes(cell: string): FolderChanges {
    const before = this.#known;
    this.#known = this.#look();
    this.#count += 1;
    const files = [...this.#known]
      .filter(([path, sha256]) => before.get(path) !== sha256)
      .map(([path, sha256]) => ({ path, sha256, sizeBytes: this.#blobs.get(sha256)?.length ?? 0 }));
    const deleted = [...before.keys()].filter((path) => !this.#known.has(path));
    const changes = { id: this.#count, cell, files, left: [], deleted, more: 0, complete: true };
    this.untold.set(changes.id, changes);
    return changes;
  }

  #look(): Map<string, string> {
    const found = readdirSync(this.#folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return new Map(
      found.map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const content = readFileSync(path);
        const sha256 = createHash("sha256").update(content).digest("hex");
        this.#blobs.set(sha256, content);
        return [relative(this.#folder, path).split(sep).join("/"), sha256];
      }),
    );
  }
}

function fileBody({ blobs, inlineBytes }: FakeKernelOptions, path: string, name: string): object {
  const content = readFileSync(path);
  const sha256 = createHash("sha256").update(content).digest("hex");
  if (content.length > inlineBytes) {
    blobs.set(sha256, content);
    return { name, sha256, sizeBytes: content.length };
  }
  return { name, sha256, sizeBytes: content.length, base64: content.toString("base64") };
}

type Placed = Extract<ToKernel, { place: unknown }>["place"]["files"];

function lay(work: string, files: Placed, blobs: Map<string, Buffer>) {
  const missing = files.map(({ sha256 }) => sha256).filter((sha256) => !blobs.has(sha256));
  for (const { path, sha256, modifiedMs } of files) {
    const content = blobs.get(sha256);
    if (content !== undefined) {
      mkdirSync(dirname(join(work, path)), { recursive: true });
      writeFileSync(join(work, path), content);
      utimesSync(join(work, path), modifiedMs / 1000, modifiedMs / 1000);
    }
  }
  return { problem: missing.length === 0 ? null : "some contents are gone", missing };
}
