import { l10n, window } from "vscode";
import type { RequestHandlers, SessionSummary } from "../../agents/protocol/page.ts";
import { fileInWorkspace, pickTables } from "../platform/workspace-files.ts";
import { exportSession } from "../sessions/session-export.ts";
import type { Services } from "../services.ts";
import { done } from "./done.ts";

type SessionRequests = Pick<
  RequestHandlers,
  | "chat-send"
  | "turn-stop"
  | "turn-retry"
  | "turn-edit"
  | "approval-answer"
  | "tool-answer"
  | "package-answer"
  | "session-new"
  | "session-open"
  | "session-rename"
  | "session-delete"
  | "session-search"
  | "turn-search"
  | "turn-open"
  | "memory-switch"
  | "session-remember"
  | "memory-forget"
  | "session-export"
  | "file-pick"
  | "file-drop"
  | "file-find"
  | "file-attach"
  | "file-detach"
  | "file-reprofile"
  | "file-stop"
>;

/**
 * Requests about sessions, turns and files. A request that starts a turn is answered when the turn has begun: how it ends
 * is told by events.
 */
export function sessionHandlers(services: Services): SessionRequests {
  const { actions, approvals, asking, memory, memoryActions, packages, desk, problems } = services;
  const start = (turn: Promise<unknown>): Record<string, never> => {
    turn.catch(problems.show);
    return {};
  };
  return {
    "chat-send": async ({ text, agent }) => start(actions.ask(text, agent)),
    "turn-retry": async ({ turnId }) => start(actions.askAgain(turnId)),
    "turn-edit": async ({ turnId, text }) => start(actions.askAgain(turnId, text)),
    "turn-stop": async () => done(actions.stop()),
    "approval-answer": async ({ cellId, decision, code }) => {
      approvals.answer(cellId, decision, code);
      return {};
    },
    "tool-answer": async ({ callId, decision }) => {
      approvals.answerTool(callId, decision);
      return {};
    },
    "package-answer": async ({ cellId, decision }) => {
      packages.answer(cellId, decision);
      return {};
    },
    "session-new": async () => done(desk.create(l10n.t("New session"))),
    "session-open": async ({ sessionId }) => done(desk.show(sessionId)),
    "session-rename": async ({ sessionId, title }) => done(desk.rename(sessionId, title)),
    "session-delete": async ({ sessionId }) => {
      const session = (await desk.list()).find(({ id }) => id === sessionId);
      if (session !== undefined && (await confirmDelete(session))) {
        await desk.delete(sessionId);
      }
      return {};
    },
    "session-search": async ({ text }) => ({ sessions: [...(await desk.search(text))] }),
    "turn-search": async ({ text }) => ({ turns: [...(await memory.search(text))] }),
    "turn-open": async (turn) => done(memoryActions.openTurn(turn)),
    "memory-switch": async ({ on }) => done(memoryActions.switch(on)),
    "session-remember": async ({ remembered }) =>
      done(desk.shown === undefined ? undefined : memoryActions.remember(desk.shown.id, remembered)),
    "memory-forget": async () => start(memoryActions.forgetAll()),
    "session-export": async ({ turnId }) => start(exportSession(desk.shown, turnId, problems)),
    "file-pick": async () => start(pickTables().then((paths) => actions.attach(paths))),
    "file-drop": async ({ uris, names = [] }) => start(addDropped(services, uris, names)),
    "file-find": async ({ text }) => ({ files: [...(await (await asking.functions()).findFiles(text))] }),
    "file-attach": async ({ path }) => start(fileInWorkspace(path).then(() => actions.attach([path]))),
    "file-detach": async ({ path }) => done(desk.shown?.analysis.detach(path)),
    "file-reprofile": async ({ path, dialect }) =>
      start(desk.shown?.paths.includes(path) === true ? desk.shown.analysis.reprofile(path, dialect) : done(undefined)),
    "file-stop": async ({ path }) => done(desk.shown?.analysis.stopReading(path)),
  };
}

async function addDropped(
  { actions, asking }: Services,
  uris: readonly string[],
  names: readonly string[],
): Promise<void> {
  const { addedPlaces, pathsToAdd } = await asking.functions();
  const { tables, sources } = await pathsToAdd(uris, names);
  await Promise.all([actions.attach(tables), actions.addSources(await addedPlaces(sources))]);
}

/** Asks before a session goes for good. The first button has the focus, so that is the one which does no harm. */
export async function confirmDelete({ title, turns }: SessionSummary): Promise<boolean> {
  const yes = l10n.t("Delete");
  const question = l10n.t("Delete the session “{0}”?", title);
  const detail = l10n.t(
    "Its questions ({0}), their answers, pictures and saved outputs go with it. The analyzed files stay. This cannot be undone.",
    turns,
  );
  return (await window.showWarningMessage(question, { modal: true, detail }, l10n.t("Keep"), yes)) === yes;
}
