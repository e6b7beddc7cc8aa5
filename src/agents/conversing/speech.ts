import type { Metadata } from "../core/reply.ts";
import type { Run } from "../core/run.ts";
import type { Message } from "../protocol/message.ts";

/** Metadata of a message whose answer the person reads as it is being said. */
export const forPerson: Metadata = { audience: "person" };

/** Metadata of a message whose answer is a step on the way: what is shown of it is a comment. */
export const onTheWay: Metadata = { interim: true };

/** What of a message is to be passed on with one that stands in its place. */
export function audienceOf({ metadata }: Message): Metadata {
  const { audience, interim } = metadata;
  return { ...(audience === undefined ? {} : { audience }), ...(interim === undefined ? {} : { interim }) };
}

/**
 * What an agent says while it answers one message, as the person sees it. Where the message is not for the person's eye,
 * nothing is shown: the messages themselves are in the transcript.
 */
export class Speech {
  readonly #run: Run;
  readonly #agent: string;
  readonly #isShown: boolean;
  readonly #role: "comment" | "answer";
  #blockId = crypto.randomUUID();
  #thoughtId = crypto.randomUUID();
  readonly #remarks: string[] = [];
  #isOpen = false;
  #thoughts = "";

  constructor(run: Run, agent: string, message: Message) {
    this.#run = run;
    this.#agent = agent;
    this.#isShown = message.metadata["audience"] === "person";
    this.#role = message.metadata["interim"] === true ? "comment" : "answer";
  }

  /** What was said on the way to the answer so far, whether anybody reads it or not. */
  get remarks(): readonly string[] {
    return this.#remarks;
  }

  /** A piece of what is being said. */
  say(text: string): void {
    if (this.#isShown && text !== "") {
      this.#isOpen = true;
      this.#emit("text-delta", this.#blockId, { role: "comment", text });
    }
  }

  /** A piece of what is thought before. */
  think(text: string): void {
    if (this.#isShown && text !== "") {
      this.#thoughts += text;
      this.#emit("text-delta", this.#thoughtId, { role: "reasoning", text });
    }
  }

  endThoughts(): void {
    if (this.#thoughts !== "") {
      this.#emit("text-end", this.#thoughtId, { role: "reasoning", text: this.#thoughts });
      this.#thoughts = "";
      this.#thoughtId = crypto.randomUUID();
    }
  }

  /** What was said is a remark on the way, and `text` all of it. */
  endRemark(text: string): void {
    if (text.trim() === "") {
      this.drop();
      return;
    }

    this.#remarks.push(text);
    if (this.#isShown) {
      this.#emit("text-end", this.#blockId, { role: "comment", text });
    }

    this.#begin();
  }

  /** What was said is the answer, and `text` all of it. @returns Metadata that tells where it is shown. */
  end(text: string): Metadata {
    if (!this.#isShown || text === "") {
      this.drop();
      return {};
    }

    const blockId = this.#blockId;
    this.#emit("text-end", blockId, { role: this.#role, text });
    this.#begin();
    return { shownAs: blockId };
  }

  /** What was said does not count. */
  drop(): void {
    if (this.#isOpen) {
      this.#run.emit({ type: "block-drop", blockId: this.#blockId });
      this.#begin();
    }
  }

  #begin(): void {
    this.#blockId = crypto.randomUUID();
    this.#isOpen = false;
  }

  #emit(
    type: "text-delta" | "text-end",
    blockId: string,
    words: { readonly role: "comment" | "answer" | "reasoning"; readonly text: string },
  ): void {
    this.#run.emit({ type, blockId, agent: this.#agent, ...words });
  }
}
