import { expect, test } from "vitest";
import { readServerEvents, type ServerEvent } from "./sse-reader.ts";

async function read(...pieces: readonly (string | Uint8Array)[]): Promise<readonly ServerEvent[]> {
  async function* body(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) {
      yield typeof piece === "string" ? new TextEncoder().encode(piece) : piece;
    }
  }
  const events: ServerEvent[] = [];
  for await (const event of readServerEvents(body())) {
    events.push(event);
  }
  return events;
}

const one = { type: "data", value: { a: 1 } };
const two = { type: "data", value: { b: 2 } };
const done = { type: "done" };

test.each([
  ["LF", ['data: {"a":1}\n\ndata: {"b":2}\n\ndata: [DONE]\n\n']],
  ["CRLF", ['data: {"a":1}\r\n\r\ndata: {"b":2}\r\n\r\ndata: [DONE]\r\n\r\n']],
  ["CRLF cut between its halves", ['data: {"a":1}\r', "\n\r", '\ndata: {"b":2}\r\n\r\ndata: [DONE]\r\n\r\n']],
  ["CR", ['data: {"a":1}\r\rdata: {"b":2}\r\rdata: [DONE]\r\r']],
  ["no space after the colon", ['data:{"a":1}\n\ndata:{"b":2}\n\ndata:[DONE]\n\n']],
  [
    "comments and other fields",
    [': ping\n\nevent: x\nid: 4\ndata: {"a":1}\n\n: ping\n\ndata: {"b":2}\n\ndata: [DONE]\n\n'],
  ],
  ["no blank lines between", ['data: {"a":1}\ndata: {"b":2}\ndata: [DONE]']],
  ["one event over several lines", ['data: {"a":\ndata: 1}\n\ndata: {"b":2}\n\ndata: [DONE]\n\n']],
  ["bare JSON lines", ['{"a":1}\n{"b":2}\ndata: [DONE]\n']],
  ["byte by byte", Array.from('data: {"a":1}\n\ndata: {"b":2}\n\ndata: [DONE]\n\n')],
])("%s", async (_, pieces) => {
  expect(await read(...pieces)).toEqual([one, two, done]);
});

test("a character cut in two pieces is whole again", async () => {
  const bytes = new TextEncoder().encode('data: {"t":"灾"}\n\n');
  expect(await read(bytes.slice(0, 13), bytes.slice(13))).toEqual([{ type: "data", value: { t: "灾" } }]);
});

test("what is no JSON is reported", async () => {
  expect(await read('data: {"a":\n\n')).toEqual([{ type: "unreadable", text: '{"a":' }]);
});
