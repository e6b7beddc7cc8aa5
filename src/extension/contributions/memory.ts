import { type Disposable, l10n, window } from "vscode";
import { searchConversations } from "../memory/search-conversations.ts";
import { Disposables } from "../platform/disposables.ts";
import { type Contribution, registerCommands } from "./contribution.ts";

/** Earlier conversations: remembered when a turn ends, searched, forgotten. */
export const memory: Contribution = {
  name: "memory",
  activate: (services): Disposable => {
    const { desk, memory: room, memoryActions, problems } = services;
    const owned = new Disposables();
    owned.add(desk.onEvent(({ session, event }) => event.type === "turn-end" && room.note(session.id)));
    owned.add(
      registerCommands(services, {
        "byzer.searchConversations": () =>
          searchConversations({
            memory: room,
            openTurn: (turn) => memoryActions.openTurn(turn),
            forgetAll: () => memoryActions.forgetAll(),
            onFailure: problems.show,
          }),
        "byzer.toggleMemory": () => memoryActions.switch(!room.isOn),
        "byzer.forgetConversation": async () => {
          const items = (await desk.list()).map(({ id, title, updatedAt }) => ({
            label: title,
            description: id === desk.shown?.id ? l10n.t("shown") : "",
            detail: new Date(updatedAt).toLocaleString(),
            id,
          }));
          const title = l10n.t("Which conversation to forget? It stays in the list.");
          const chosen = await window.showQuickPick(items, { title, matchOnDescription: true });
          if (chosen !== undefined) {
            await memoryActions.remember(chosen.id, false);
            void window.showInformationMessage(l10n.t("The conversation “{0}” is forgotten.", chosen.label));
          }
        },
        "byzer.forgetAllConversations": () => memoryActions.forgetAll(),
      }),
    );
    return owned;
  },
};
