import { AgentError } from "../base/errors.ts";
import { LineCutter } from "../base/line-cutter.ts";
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
export class JsonLineCutter {
  readonly #lines: LineCutter;

  constructor(limitBytes = agentMessageLimitBytes) {
    this.#lines = new LineCutter(limitBytes);
  }

  /**
   * @yields The values of the lines that `chunk` completes.
   * @throws RangeError when a line is too long, SyntaxError when one is no JSON.
   */
  *push(chunk: Buffer): Generator<unknown, void, undefined> {
    for (const line of this.#lines.push(chunk)) {
      yield JSON.parse(line);
    }
  }
}
