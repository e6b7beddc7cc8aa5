import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import * as z from "zod/mini";
import { type RecordedAnswer, type Recording, pathPlaceholder } from "./recording.ts";
import { type RequestPlace, placeOf } from "./request-place.ts";

/** The name under which recorded answers are offered as a model. */
export const recordedModelName = "recorded-answers";

export interface RecordedModelOptions {
  readonly recordings: readonly Recording[];
  /** 0 takes any that is free. */
  readonly port?: number;
  /** What is answered to a question that was not recorded. */
  readonly unknown: string;
  /** Pause between pieces of an answer, milliseconds; 0 sends them at once. */
  readonly paceMs?: number;
}

/** A running server. */
export interface RecordedModel {
  readonly baseUrl: string;
  /** Questions that were asked and not recorded, by place. */
  readonly misses: readonly RequestPlace[];
  close(): Promise<void>;
}

/** Serves recorded answers as an OpenAI-compatible model. */
export async function startRecordedModel(options: RecordedModelOptions): Promise<RecordedModel> {
  const misses: RequestPlace[] = [];
  const server = createServer((request, response) => void handle(request, response, options, misses));
  await new Promise<void>((resolve) => {
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    misses,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: RecordedModelOptions,
  misses: RequestPlace[],
): Promise<void> {
  const path = new URL(request.url ?? "/", "http://recorded").pathname;
  if (path.endsWith("/models")) {
    sendJson(response, 200, { object: "list", data: [{ id: recordedModelName, object: "model" }] });
    return;
  }

  if (!path.endsWith("/chat/completions")) {
    sendJson(response, 404, { error: { message: `${path} is not served here` } });
    return;
  }

  const body = await bodyOf(request);
  const place = placeOf(body);
  const found = answerTo(place, options);
  if (found === undefined) {
    misses.push(place);
  }

  await streamAnswer(response, found ?? fallback(place, options.unknown), options.paceMs ?? 0);
}

/** The recorded answer, with the path of the file that is asked about now. */
function answerTo(place: RequestPlace, { recordings }: RecordedModelOptions): RecordedAnswer | undefined {
  const recording = recordings.find((candidate) => candidate.questionHash === place.questionHash);
  const answer = recording?.calls.find(
    ({ stage, ordinal }) => stage === place.stage && ordinal === place.ordinal,
  )?.answer;
  if (answer === undefined) {
    return undefined;
  }

  const literal = JSON.stringify(place.path).slice(1, -1);
  const escaped = JSON.stringify(literal).slice(1, -1);
  return {
    content: answer.content.replaceAll(pathPlaceholder, literal),
    toolCalls: answer.toolCalls.map((call) => ({
      ...call,
      arguments: call.arguments.replaceAll(pathPlaceholder, escaped),
    })),
  };
}

function fallback(place: RequestPlace, unknown: string): RecordedAnswer {
  return { content: place.stage === "router" ? "assistant_agent" : unknown, toolCalls: [] };
}

/** Answers as an OpenAI-compatible endpoint does. @param paceMs Pause between pieces; 0 sends them at once. */
export async function streamAnswer(response: ServerResponse, answer: RecordedAnswer, paceMs: number): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (delta: object, finish: string | null = null) =>
    response.write(
      `data: ${JSON.stringify({ object: "chat.completion.chunk", model: recordedModelName, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
    );
  for (const piece of answer.content.match(/[^]{1,12}/gu) ?? []) {
    send({ content: piece });
    // oxlint-disable-next-line no-await-in-loop -- pieces come one after the other
    await pause(paceMs);
  }

  for (const [index, call] of answer.toolCalls.entries()) {
    send({
      tool_calls: [
        { index, id: `call_${index}_${Date.now()}`, type: "function", function: { name: call.name, arguments: "" } },
      ],
    });
    for (const piece of call.arguments.match(/[^]{1,12}/gu) ?? []) {
      send({ tool_calls: [{ index, function: { arguments: piece } }] });
      // oxlint-disable-next-line no-await-in-loop -- pieces come one after the other
      await pause(paceMs);
    }
  }

  send({}, answer.toolCalls.length > 0 ? "tool_calls" : "stop");
  response.end("data: [DONE]\n\n");
}

function pause(ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** The JSON that a request carries. */
export async function bodyOf(request: IncomingMessage): Promise<object> {
  const parts: Buffer[] = [];
  for await (const part of request) {
    parts.push(Buffer.from(part));
  }

  return z.looseObject({}).parse(JSON.parse(Buffer.concat(parts).toString("utf8")));
}
