import { l10n, window } from "vscode";
import type { RememberedTurn } from "../../agents/protocol/citation.ts";
import type { ChatView } from "../chat/chat-view.ts";
import type { SessionDesk } from "../sessions/session-desk.ts";
import type { MemoryRoom } from "./memory-room.ts";

export interface MemoryActionsParts {
  readonly memory: MemoryRoom;
  readonly desk: SessionDesk;
  readonly chat: ChatView;
}

/** What a person does with what is remembered, from wherever they do it. */
export class MemoryActions {
  readonly #parts: MemoryActionsParts;

  constructor(parts: MemoryActionsParts) {
    this.#parts = parts;
  }

  /**
   * Shows an earlier conversation at a question.
   *
   * @throws AgentError `session.unknown` where it was deleted, `session.elsewhere` while another window has it open
   */
  async openTurn({ sessionId, turnId }: RememberedTurn): Promise<void> {
    const { desk, chat } = this.#parts;
    const session = await desk.show(sessionId);
    await chat.reveal();
    chat.post({ kind: "view", view: "chat" });
    if (session.turn(turnId) === undefined) {
      void window.showInformationMessage(
        l10n.t("The question was asked again or taken out since; this is its conversation."),
      );
    } else {
      chat.post({ kind: "turn", turnId });
    }
  }

  /** Has a conversation remembered from now on, or forgets it. @throws AgentError `session.*`, `index.*` */
  async remember(sessionId: string, remembered: boolean): Promise<void> {
    const { desk, memory } = this.#parts;
    await desk.remember(sessionId, remembered);
    if (remembered) {
      memory.note(sessionId);
    } else {
      await memory.forget(sessionId);
    }
  }

  /** Switches memory on or off. What is remembered stays until it is forgotten, which is offered. */
  async switch(on: boolean): Promise<void> {
    await this.#parts.memory.setOn(on);
    if (on) {
      return;
    }
    const forget = l10n.t("Forget All Conversations…");
    const said = l10n.t(
      "Conversations are not remembered from now on. What was remembered before stays on this machine until it is forgotten.",
    );
    // Nobody waits for the answer.
    void window
      .showInformationMessage(said, forget)
      .then((chosen) => (chosen === forget ? this.forgetAll() : undefined));
  }

  /** Forgets everything, after a yes. @throws AgentError `index.*` */
  async forgetAll(): Promise<void> {
    const yes = l10n.t("Forget");
    const question = l10n.t("Forget all conversations of this workspace?");
    const detail = l10n.t(
      "No question that was asked until now is found any more, nor answered from. The sessions themselves stay in the list. This cannot be undone.",
    );
    if ((await window.showWarningMessage(question, { modal: true, detail }, l10n.t("Keep"), yes)) === yes) {
      await this.#parts.memory.forgetAll();
      void window.showInformationMessage(l10n.t("All conversations of this workspace are forgotten."));
    }
  }
}
