import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod/mini";

const readySchema = z.object({ port: z.number(), model: z.string() });

/** A real embedding model behind an OpenAI-compatible address of this machine. */
export interface EmbeddingServer {
  readonly baseUrl: string;
  readonly model: string;
  stop(): void;
}

/** Starts the server of all-MiniLM-L6-v2 (English, 384 dimensions), after installing the model where it is missing. */
export async function startEmbeddingServer(): Promise<EmbeddingServer> {
  const setUp = join(import.meta.dirname, "../../scripts/setup-embedding-model.mjs");
  const said = execFileSync(process.execPath, [setUp], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const python = said.trim().split("\n").at(-1) ?? "";
  const kept = join(python, "..", "..", "vectors.db");
  const server = spawn(python, [join(import.meta.dirname, "embedding_server.py"), kept], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, HF_HUB_OFFLINE: "1" },
  });
  const [line]: readonly unknown[] = await Promise.race([
    once(createInterface({ input: server.stdout }), "line"),
    once(server, "exit").then(() => Promise.reject(new Error("The embedding server ended before it was ready."))),
  ]);
  const { port, model } = readySchema.parse(JSON.parse(String(line)));
  return { baseUrl: `http://127.0.0.1:${port}/v1`, model, stop: () => void server.stdin.end() };
}
