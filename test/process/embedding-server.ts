import { createServer, type ServerResponse } from "node:http";
import * as z from "zod/mini";

const requestSchema = z.object({ input: z.array(z.string()) });

/** How the server answers: as a model does, wrongly, slowly, or not at all. */
export type EmbeddingMood = "good" | "zeros" | "nan" | "short" | "other" | "cut" | "error" | "key" | "slow";

/** A server that embeds, whose mood can be changed. */
export interface FakeEmbeddingServer {
  readonly baseUrl: string;
  /** All texts that were asked for, also those that got no good answer. */
  readonly texts: readonly string[];
  mood: EmbeddingMood;
  /** Milliseconds before each answer. */
  delayMs: number;
  close(): Promise<void>;
}

/** Letters counted: texts of the same letters mean the same. */
function embeddingOf(text: string, length: number): number[] {
  const counts = Array.from({ length }, () => 0.01);
  for (const letter of text.toLowerCase()) {
    const at = (letter.codePointAt(0) ?? 0) % length;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

function list(vectors: readonly (readonly number[])[]): string {
  return JSON.stringify({ data: vectors.map((embedding, index) => ({ index, embedding })) });
}

function answer(response: ServerResponse, mood: EmbeddingMood, texts: readonly string[]): void {
  const send = (status: number, body: string): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  };
  switch (mood) {
    case "good":
      return send(200, list(texts.map((text) => embeddingOf(text, 64))));
    case "zeros":
      return send(200, list(texts.map(() => [0, 0, 0])));
    case "nan":
      return send(200, list(texts.map(() => [1, 2])).replaceAll("2", "NaN"));
    case "short":
      return send(200, list(texts.slice(1).map((text) => embeddingOf(text, 64))));
    case "other":
      return send(200, list(texts.map((text) => embeddingOf(text, 32))));
    case "error":
      return send(501, '{"error": {"message": "the model fell over"}}');
    case "key":
      return send(401, '{"error": {"message": "no"}}');
    case "cut":
      response.writeHead(200, { "content-length": 1000 }).write("{");
      response.destroy();
      return undefined;
    case "slow":
      return undefined;
  }
}

/** Starts a server on a free port of this machine. @param at its address */
export async function startEmbeddingServer(at = "127.0.0.1"): Promise<FakeEmbeddingServer> {
  const seen: string[] = [];
  const state = { mood: "good" as EmbeddingMood, delayMs: 0 };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += String(part)));
    request.on("end", () => {
      const texts = body === "" ? [] : requestSchema.parse(JSON.parse(body)).input;
      seen.push(...texts);
      setTimeout(() => answer(response, state.mood, texts), state.delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, at, resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    baseUrl: `http://${at}:${port}/v1`,
    texts: seen,
    get mood() {
      return state.mood;
    },
    set mood(mood) {
      state.mood = mood;
    },
    get delayMs() {
      return state.delayMs;
    },
    set delayMs(delayMs) {
      state.delayMs = delayMs;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
