import { askModel } from "../analysis/ask-model.ts";
import type { Metadata } from "../core/reply.ts";
import type { Run } from "../core/run.ts";
import { Speech } from "../conversing/speech.ts";
import type { ChatModel, ModelEvent, ModelMessage } from "../ports/chat-model.ts";
import type { Message } from "../protocol/message.ts";

/** Who asks a model, for which message. */
export interface ModelSpeechParts {
  readonly run: Run;
  readonly agent: string;
  /** The message that is being answered: it says whether the person hears what is said. */
  readonly message: Message;
}

/** What a model says on behalf of an agent, shown as it comes, as far as it is to be shown. */
export class ModelSpeech {
  readonly #parts: ModelSpeechParts;
  readonly #speech: Speech;
  readonly #visible: (text: string) => string;
  #text = "";
  #shown = 0;

  /** @param visible How much of the text so far is shown; all where left out. */
  constructor(parts: ModelSpeechParts, visible: (text: string) => string = (text) => text) {
    this.#parts = parts;
    this.#speech = new Speech(parts.run, parts.agent, parts.message);
    this.#visible = visible;
  }

  /** Asks, and shows the reply as it comes. @throws AgentError `model.*`, `run.budget`. */
  async ask(model: ChatModel, messages: readonly ModelMessage[]): Promise<string> {
    const { run, agent } = this.#parts;
    this.#text = "";
    this.#shown = 0;
    try {
      const request = { messages };
      const { text } = await askModel(run, { agent, model, request, onEvent: (event) => this.#read(event) });
      this.#speech.endThoughts();
      return text.trim();
    } catch (error) {
      this.#speech.endThoughts();
      this.#speech.endRemark(this.#visible(this.#text).trim());
      throw error;
    }
  }

  /** What was said is the answer, and `text` all of it. @returns Metadata that tells where it is shown. */
  end(text: string): Metadata {
    return this.#speech.end(text);
  }

  /** What was said is a remark on the way. */
  endRemark(text: string): void {
    this.#speech.endRemark(text);
  }

  /** What was said does not count. */
  drop(): void {
    this.#speech.drop();
  }

  #read(event: ModelEvent): void {
    const { run, agent } = this.#parts;
    switch (event.type) {
      case "reasoning":
        return this.#speech.think(event.text);
      case "text":
        return this.#show(event.text);
      case "waiting":
        run.emit({ type: "progress", agent, activity: "retrying", detail: event.text });
        return;
      case "asked-again":
        run.emit({ type: "progress", agent, activity: "thinking", detail: "" });
        return;
      case "tool-delta":
      case "end":
    }
  }

  #show(piece: string): void {
    this.#text += piece;
    const more = this.#visible(this.#text).slice(this.#shown);
    this.#shown += more.length;
    this.#speech.say(more);
  }
}
