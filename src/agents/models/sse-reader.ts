/** The parsed data of one event, the end mark, or a piece that is no JSON. */
export type ServerEvent =
  | { readonly type: "data"; readonly value: unknown }
  | { readonly type: "done" }
  | { readonly type: "unreadable"; readonly text: string };

/**
 * Reads server-sent events the way real servers write them: any line ending, comments and keep-alives, `data:` with or
 * without a space, events that were not set apart by a blank line, bare JSON lines, a last line without its end.
 * Format: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 *
 * @yields each event as soon as it is whole.
 * @throws whatever reading `body` throws, such as a connection that was lost.
 */
export async function* readServerEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  let data: string[] = [];
  for await (const line of readLines(body)) {
    if (line === "") {
      yield* parseEvent(data);
      data = [];
    } else if (line.startsWith("data:")) {
      data.push(line.slice(line.startsWith("data: ") ? 6 : 5));
    } else if (line.startsWith("{")) {
      data.push(line);
    }
  }
  yield* parseEvent(data);
}

function* parseEvent(data: readonly string[]): Generator<ServerEvent> {
  const whole = data.join("\n").trim();
  if (whole === "") {
    return;
  }
  const event = parseData(whole);
  if (event.type !== "unreadable" || data.length === 1) {
    yield event;
    return;
  }
  for (const line of data) {
    if (line.trim() !== "") {
      yield parseData(line.trim());
    }
  }
}

function parseData(text: string): ServerEvent {
  if (text === "[DONE]") {
    return { type: "done" };
  }
  try {
    return { type: "data", value: JSON.parse(text) };
  } catch {
    return { type: "unreadable", text };
  }
}

async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of body) {
    rest += decoder.decode(bytes, { stream: true });
    // A CR at the very end may be the first half of CRLF: it waits for the next piece.
    const lines = rest.split(/\r\n|\n|\r(?!$)/u);
    rest = lines.pop() ?? "";
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== "") {
    yield* rest.split(/\r\n|\n|\r/u);
  }
}
