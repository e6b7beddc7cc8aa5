import { Socket } from "node:net";
import { type FromAgentProcess, type ToAgentProcess, toAgentProcessSchema } from "../../protocol/agent-process.ts";
import { JsonLineCutter, encodeLine } from "../json-lines.ts";
import { errorOf } from "../error-of.ts";

/** What the host answers to a call, and what comes before its answer. */
type CallAnswer = Extract<ToAgentProcess, { readonly call: number }>;

/** A call of the host before it has its number. */
export type HostCall = DistributiveOmit<Extract<FromAgentProcess, { readonly call: number }>, "call">;

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

interface WaitingCall {
  readonly resolve: (answer: CallAnswer) => void;
  readonly reject: (error: Error) => void;
  readonly onText: ((text: string) => void) | undefined;
}

/** Without its host the process has nothing to do. */
function leave(): never {
  process.exit(0);
}

/** The process's end of the pipe to its host. The process ends when the host is gone. */
export class HostLink {
  readonly #socket: Socket;
  readonly #calls = new Map<number, WaitingCall>();
  #name = "The agent";
  #nextCall = 1;

  /**
   * @param fd The pipe.
   * @param onMessage Gets everything but answers to calls.
   */
  constructor(fd: number, onMessage: (message: Exclude<ToAgentProcess, CallAnswer>) => void) {
    const cutter = new JsonLineCutter();
    this.#socket = new Socket({ fd, readable: true, writable: true });
    this.#socket.on("data", (chunk) => {
      for (const value of cutter.push(chunk)) {
        const message = toAgentProcessSchema.parse(value);
        if ("call" in message) {
          this.#settle(message);
        } else {
          onMessage(message);
        }
      }
    });
    this.#socket.on("end", leave);
    this.#socket.on("error", leave);
    this.#socket.on("close", leave);
  }

  /** Whose messages are too large, when they are. */
  set name(name: string) {
    this.#name = name;
  }

  /** @throws AgentError `agent.too-large`, `agent.nonsense`. */
  say(message: FromAgentProcess): void {
    this.#socket.write(encodeLine(this.#name, message));
  }

  /**
   * Asks the host for something.
   *
   * @param onText Gets what comes piece by piece before the answer.
   * @throws AgentError as the host refused it; `agent.too-large`.
   */
  call(asked: HostCall, onText?: (text: string) => void): Promise<CallAnswer> {
    const call = this.#nextCall;
    this.#nextCall += 1;
    return new Promise((resolve, reject) => {
      this.say({ ...asked, call });
      this.#calls.set(call, { resolve, reject, onText });
    });
  }

  #settle(answer: CallAnswer): void {
    const waiting = this.#calls.get(answer.call);
    if (answer.type === "model-text") {
      waiting?.onText?.(answer.text);
      return;
    }

    this.#calls.delete(answer.call);
    if (answer.type === "refused") {
      waiting?.reject(errorOf(answer.problem));
    } else {
      waiting?.resolve(answer);
    }
  }
}
