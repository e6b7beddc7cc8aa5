import * as z from "zod/mini";
import { createNodeFetch } from "../../../src/agents/models/node-fetch.ts";
import type { RecordedAnswer } from "../recording.ts";

/** Where a model is that answers. */
export interface LiveEndpoint {
  /** With `/v1`, as the endpoint has it. */
  readonly baseUrl: string;
  readonly model: string;
  /** Empty where the endpoint wants none. */
  readonly key: string;
}

/** Whoever answers may be a person, or a machine without a graphics card. */
const patienceMs = 30 * 60_000;
const fetchPatiently = createNodeFetch({
  timeoutsFor: () => ({ connectMs: 10_000, headersMs: patienceMs, idleMs: patienceMs }),
});
const replySchema = z.object({
  choices: z.array(
    z.object({
      message: z.object({
        content: z.nullish(z.string()),
        tool_calls: z.nullish(z.array(z.object({ function: z.object({ name: z.string(), arguments: z.string() }) }))),
      }),
    }),
  ),
});

/** Passes a request on. @throws Error with what the endpoint says where it does not answer */
export async function askLive({ baseUrl, model, key }: LiveEndpoint, body: object): Promise<RecordedAnswer> {
  const request = { ...body, model, stream: false, stream_options: undefined };
  const response = await fetchPatiently(`${baseUrl.replace(/\/+$/u, "")}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(key === "" ? {} : { authorization: `Bearer ${key}` }) },
    body: JSON.stringify(request),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`The endpoint answered with ${response.status}: ${text.slice(0, 300)}`);
  }

  const message = replySchema.parse(JSON.parse(text)).choices[0]?.message;
  return {
    content: message?.content ?? "",
    toolCalls: (message?.tool_calls ?? []).map((call) => call.function),
  };
}
