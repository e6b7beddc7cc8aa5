import { type Disposable, type OutputChannel, l10n, window } from "vscode";
import type { SessionEvent } from "../../agents/protocol/session-event.ts";
import { type QuotedSession, SessionTranscript } from "./session-transcript.ts";

/** The output channel that prints what agents say to each other. */
export interface Transcript extends Disposable {
  /** Prints what was said by an event; to be called with every event of every session. */
  print(session: QuotedSession, event: SessionEvent): void;
  /** Shows the channel, with all that was said so far in `session`. */
  show(session: QuotedSession | undefined): void;
}

/** The transcript's channel is made when the first message is printed or it is shown. */
export function createTranscript(): Transcript {
  let channel: OutputChannel | undefined;
  const open = (): OutputChannel => (channel ??= window.createOutputChannel(l10n.t("Byzer Agent: Transcript")));
  const sessions = new SessionTranscript((text) => open().append(text));
  return {
    print: (session, event) => sessions.print(session, event),
    show: (session) => {
      if (session !== undefined) {
        sessions.catchUp(session);
      }
      open().show(true);
    },
    dispose: () => channel?.dispose(),
  };
}
