import { type Disposable, type OutputChannel, window } from "vscode";
import type { Message } from "../../agents/protocol/message.ts";
import type { SessionEvent } from "../../agents/protocol/session-event.ts";

/** The output channel that prints what agents say to each other. */
export interface Transcript extends Disposable {
  /** Prints a message event; other events are left out. */
  print(event: SessionEvent): void;
  show(): void;
}

/** The transcript's channel is made when the first message is printed or it is shown. */
export function createTranscript(): Transcript {
  let channel: OutputChannel | undefined;
  const open = (): OutputChannel => (channel ??= window.createOutputChannel("Byzer Agent: Transcript"));
  return {
    print: (event) => {
      if (event.type === "message" && !event.message.silent) {
        open().append(formatMessage(event.message));
      }
    },
    show: () => open().show(true),
    dispose: () => channel?.dispose(),
  };
}

/** One message as the transcript prints it. */
function formatMessage(message: Message): string {
  return `${message.from} (to ${message.to}):\n\n${message.content}\n\n${"-".repeat(80)}\n`;
}
