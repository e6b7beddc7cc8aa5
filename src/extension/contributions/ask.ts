import { type Disposable, window, workspace } from "vscode";
import type { Asking } from "../asking/create-asking.ts";
import { onSettingsChange } from "../platform/configuration.ts";
import { Disposables } from "../platform/disposables.ts";
import { customEditors, textScheme } from "../manifest/view-ids.ts";
import type { Services } from "../services.ts";
import type { NewSource } from "../sessions/session-actions.ts";
import { type Contribution, registerCommands } from "./contribution.ts";

/** "Ask about file", the index, and the views of what answers cite. */
export const ask: Contribution = {
  name: "ask",
  activate: (services): Disposable => {
    const { asking, catalog, problems, textChanges } = services;
    const owned = new Disposables();
    const askAbout = (sources: readonly NewSource[]): Promise<void> => askIn(services, sources);
    owned.add(
      registerCommands(services, {
        "byzer.askAboutFile": async (...clicked) =>
          (await asking.functions()).askAboutFiles(askAbout, clicked[0], clicked[1]),
        "byzer.askAboutFolder": async (...clicked) =>
          (await asking.functions()).askAboutFolders(askAbout, clicked[0], clicked[1]),
        "byzer.askAboutSelection": async (...clicked) =>
          (await asking.functions()).askAboutSelection(askAbout, clicked[0], clicked[1]),
        "byzer.askAboutWorkspace": async () => (await asking.functions()).askAboutWorkspace(askAbout),
        "byzer.manageIndex": async () => (await asking.open()).indexActions.manage(),
        "byzer.rebuildIndex": async () => (await asking.open()).indexActions.rebuild(),
        "byzer.deleteIndex": async () => (await asking.open()).indexActions.delete(),
      }),
    );
    owned.add(
      window.registerCustomEditorProvider(
        customEditors.pdf,
        {
          openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
          resolveCustomEditor: async (document, panel) => (await asking.open()).pdf.resolve(document.uri, panel),
        },
        { supportsMultipleEditorsPerDocument: true },
      ),
    );
    owned.add(
      workspace.registerTextDocumentContentProvider(textScheme, {
        onDidChange: textChanges.event,
        provideTextDocumentContent: async (uri) => (await asking.open()).texts.textAt(uri),
      }),
    );
    const whenOpen = (act: (opened: Asking) => Promise<void>): void => {
      if (asking.isOpen) {
        void problems.guard(async () => act(await asking.open()));
      }
    };
    const refreshEmbedder = (): void => whenOpen(({ index }) => index.refreshEmbedder());
    owned.add(onSettingsChange(["index.url", "index.maxFiles"], () => whenOpen(({ index }) => index.restart())));
    owned.add(onSettingsChange(["models.embedding", "models.discover"], refreshEmbedder));
    owned.add(catalog.onChoose((role) => role === "embedding" && refreshEmbedder()));
    owned.add(workspace.onDidGrantWorkspaceTrust(refreshEmbedder));
    return owned;
  },
};

async function askIn({ actions, chat, problems }: Services, sources: readonly NewSource[]): Promise<void> {
  if (sources.length > 0) {
    void problems.guard(() => chat.reveal());
    await actions.askAbout(sources);
    chat.post({ kind: "compose", text: "" });
  }
}
