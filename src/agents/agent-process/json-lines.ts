import { AgentError } from "../base/errors.ts";
import { tooLarge } from "../byzer-agent/read-reply.ts";
import { agentMessageLimitBytes } from "../protocol/agent-process.ts";

/**
 * One message as a line.
 *
 * @param name Who wants to send it, for people.
 * @throws AgentError `agent.too-large`, `agent.nonsense` for what JSON cannot write.
 */
export function encodeLine(name: string, message: unknown, limitBytes = agentMessageLimitBytes): Buffer {
  const line = Buffer.from(`${stringify(name, message)}\n`);
  if (line.length > limitBytes) {
    throw tooLarge(name, line.length, limitBytes);
  }

  return line;
}

function stringify(name: string, message: unknown): string {
  try {
    return JSON.stringify(message);
  } catch (error) {
    const got = "something that JSON cannot write";
    throw new AgentError("agent.nonsense", { name, got }, `${name} wanted to send ${got}.`, error);
  }
}

/** Cuts bytes into the values of lines, never holding more than one line of the largest size. */
export class LineCutter {
  readonly #limitBytes: number;
  #parts: Buffer[] = [];
  #length = 0;

  constructor(limitBytes = agentMessageLimitBytes) {
    this.#limitBytes = limitBytes;
  }

  /**
   * @yields The values of the lines that `chunk` completes.
   * @throws RangeError when a line is too long, SyntaxError when one is no JSON.
   */
  *push(chunk: Buffer): Generator<unknown, void, undefined> {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      this.#keep(chunk.subarray(from, end));
      const line = Buffer.concat(this.#parts).toString("utf8");
      this.#parts = [];
      this.#length = 0;
      from = end + 1;
      yield JSON.parse(line);
    }

    this.#keep(chunk.subarray(from));
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > this.#limitBytes) {
      throw new RangeError(`a message of more than ${this.#limitBytes} bytes`);
    }

    if (part.length > 0) {
      this.#parts.push(part);
    }
  }
}
