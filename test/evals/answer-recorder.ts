import { join } from "node:path";
import { type AskingCall, readAskingRecording, writeAskingRecording } from "./asking/asking-recording.ts";
import type { Answerer, AnswererPlace } from "./asking/asking-model.ts";
import { type LiveEndpoint, askLive } from "./asking/live-endpoint.ts";

/** Where answers are kept, and who gives those that are not. */
export interface RecorderOptions {
  /** Folder of the recordings, one file for each conversation. */
  readonly folder: string;
  /** Asked for what has no answer yet; `null` where recordings are only played. */
  readonly endpoint: LiveEndpoint | null;
  /** What answers, in words. */
  readonly words: string;
}

interface Observed {
  readonly used: AskingCall[];
  stale: number;
  readonly failures: string[];
}

/** Plays the recorded answers of conversations, and records those that are missing. */
export class AnswerRecorder {
  readonly #options: RecorderOptions;
  readonly #observed = new Map<string, Observed>();

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** What stands in for a model in the conversation `id`. */
  answerer(id: string, place?: AnswererPlace): Answerer {
    const recorded = [...(readAskingRecording(this.#path(id))?.calls ?? [])];
    const mine = this.#of(id);
    const { endpoint } = this.#options;
    return {
      recorded,
      live: endpoint === null ? null : (body) => askLive(endpoint, body),
      onCall: (call, isNew) => {
        mine.used.push(call);
        if (isNew) {
          recorded.push(call);
          this.#write(id, recorded);
        }
      },
      onMiss: (reason, message) => {
        mine.stale += reason === "not-recorded" ? 1 : 0;
        mine.failures.push(...(reason === "no-answer" ? [message] : []));
      },
      ...(place === undefined ? {} : { place }),
    };
  }

  /** Requests of a conversation for which no answer was recorded. */
  staleOf(id: string): number {
    return this.#of(id).stale;
  }

  /** Leaves in a recording only what was asked for; says in between how far recording is. */
  finish(id: string, status: string): void {
    if (this.#options.endpoint === null) {
      return;
    }

    const { used, failures } = this.#of(id);
    if (used.length > 0 && failures.length === 0) {
      this.#write(id, used);
    }

    process.stderr.write(`${status}  ${id}: ${used.length} calls${failures.map((text) => `; ${text}`).join("")}\n`);
  }

  #of(id: string): Observed {
    const observed = this.#observed.get(id) ?? { used: [], stale: 0, failures: [] };
    this.#observed.set(id, observed);
    return observed;
  }

  #path(id: string): string {
    return join(this.#options.folder, `${id}.json`);
  }

  #write(id: string, calls: readonly AskingCall[]): void {
    const known = new Map(calls.map((call) => [call.request, call]));
    writeAskingRecording(this.#path(id), { id, model: this.#options.words, calls: [...known.values()] });
  }
}
