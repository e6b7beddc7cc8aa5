import { type Disposable, l10n, window } from "vscode";
import type { SessionSummary } from "../../agents/protocol/page.ts";
import { titleFromFiles } from "../../agents/sessions/session-title.ts";
import { confirmDelete } from "../chat/session-handlers.ts";
import type { Services } from "../services.ts";
import { exportSession } from "../sessions/session-export.ts";
import { type Contribution, registerCommands } from "./contribution.ts";

/** Starting, listing, renaming and deleting sessions. */
export const sessions: Contribution = {
  name: "sessions",
  activate: (services): Disposable => {
    const { chat, desk, problems } = services;
    return registerCommands(services, {
      "byzer.newSession": async () => {
        await desk.create(l10n.t("New session"));
        await chat.reveal();
        chat.post({ kind: "view", view: "chat" });
      },
      "byzer.showSessions": async () => {
        await chat.reveal();
        chat.post({ kind: "view", view: "sessions" });
      },
      "byzer.renameSession": async () => {
        const session = await pickSession(services, l10n.t("Which session to rename?"));
        const title = session && (await askTitle(session.title));
        if (session !== undefined && title !== undefined) {
          await desk.rename(session.id, title);
        }
      },
      "byzer.exportSession": async () => exportSession(desk.shown, null, problems),
      "byzer.deleteSession": async () => {
        const session = await pickSession(services, l10n.t("Which session to delete?"));
        if (session !== undefined && (await confirmDelete(session))) {
          await desk.delete(session.id);
        }
      },
    });
  },
};

async function pickSession({ desk }: Services, title: string): Promise<SessionSummary | undefined> {
  const items = (await desk.list()).map((session) => ({
    label: session.title,
    description: describeSession(session, desk.shown?.id),
    detail: new Date(session.updatedAt).toLocaleString(),
    session,
  }));
  return (await window.showQuickPick(items, { title, matchOnDescription: true }))?.session;
}

/** The files are not said again where they are the title. */
function describeSession({ id, title, files }: SessionSummary, shownId: string | undefined): string {
  const names = titleFromFiles(files);
  return [id === shownId ? l10n.t("shown") : "", names === title ? "" : names]
    .filter((part) => part !== "")
    .join(" · ");
}

async function askTitle(title: string): Promise<string | undefined> {
  const answer = await window.showInputBox({ title: l10n.t("Name of the session"), value: title });
  return answer === undefined || answer.trim() === "" ? undefined : answer.trim();
}
