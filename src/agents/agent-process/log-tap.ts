import { StringDecoder } from "node:string_decoder";

/** One line that an agent printed or logged. */
export interface AgentLogLine {
  readonly source: "stdout" | "stderr" | "log" | "host";
  readonly text: string;
}

const maxLineChars = 8 * 1024;
const tailChars = 4 * 1024;

/**
 * Hands on what a process prints, line by line. A flood is cut: within each second only so much is handed on, and how
 * much was left out is said.
 */
export class LogTap {
  readonly #onLine: (line: AgentLogLine) => void;
  readonly #charsPerSecond: number;
  readonly #now: () => number;
  readonly #rests = new Map<AgentLogLine["source"], { decoder: StringDecoder; text: string }>();
  #secondFrom = 0;
  #spent = 0;
  #leftOut = 0;
  #sayLater: NodeJS.Timeout | undefined;
  #tail = "";

  constructor(onLine: (line: AgentLogLine) => void, charsPerSecond: number, now: () => number = Date.now) {
    this.#onLine = onLine;
    this.#charsPerSecond = charsPerSecond;
    this.#now = now;
  }

  /** The last that was printed on the standard streams. */
  get tail(): string {
    const rests = [...this.#rests.values()].map(({ text }) => text).join("");
    return (this.#tail + rests).slice(-tailChars).trim();
  }

  /** Bytes of one of the standard streams. */
  push(source: "stdout" | "stderr", chunk: Buffer): void {
    const rest = this.#rests.get(source) ?? { decoder: new StringDecoder("utf8"), text: "" };
    this.#rests.set(source, rest);
    const lines = (rest.text + rest.decoder.write(chunk)).split("\n");
    rest.text = (lines.pop() ?? "").slice(-maxLineChars);
    for (const line of lines) {
      this.line({ source, text: line });
    }
  }

  /** One whole line. */
  line({ source, text }: AgentLogLine): void {
    if (source === "stdout" || source === "stderr") {
      this.#tail = `${this.#tail}${text}\n`.slice(-tailChars);
    }

    const now = this.#now();
    if (now - this.#secondFrom >= 1000) {
      this.#sayLeftOut();
      this.#secondFrom = now;
      this.#spent = 0;
    }

    if (this.#spent + text.length > this.#charsPerSecond) {
      this.#leftOut += 1;
      this.#sayLater ??= setTimeout(() => this.#sayLeftOut(), 1000).unref();
      return;
    }

    this.#spent += text.length + 1;
    this.#onLine({ source, text: text.length > maxLineChars ? `${text.slice(0, maxLineChars)}…` : text });
  }

  /** Nothing comes any more: hands on what stands without an end of line. */
  end(): void {
    for (const [source, { decoder, text }] of this.#rests) {
      const last = text + decoder.end();
      if (last !== "") {
        this.line({ source, text: last });
      }
    }

    this.#rests.clear();
    this.#sayLeftOut();
  }

  #sayLeftOut(): void {
    clearTimeout(this.#sayLater);
    this.#sayLater = undefined;
    if (this.#leftOut > 0) {
      this.#onLine({ source: "host", text: `… ${this.#leftOut} lines were left out` });
      this.#leftOut = 0;
    }
  }
}
