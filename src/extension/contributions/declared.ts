import { type Disposable, languages, workspace } from "vscode";
import { agentDocuments, isAgentDocument } from "../declared/agent-documents.ts";
import type { Declared } from "../declared/create-declared.ts";
import { Disposables } from "../platform/disposables.ts";
import type { Services } from "../services.ts";
import { type Contribution, registerCommands } from "./contribution.ts";

/** Agents that the workspace declares in files: "New Agent", and what helps to write one. */
export const declared: Contribution = {
  name: "declared",
  activate: (services): Disposable => {
    const { chat, declared: room, desk, problems } = services;
    const owned = new Disposables();
    const open = (): void => void problems.guard(() => room.open());
    const openFor = (document: Parameters<typeof isAgentDocument>[0]): void => {
      if (!room.isOpen && isAgentDocument(document)) {
        open();
      }
    };
    owned.add(desk.onShow((session) => session !== undefined && open()));
    owned.add(chat.onVisibility((visible) => visible && open()));
    owned.add(workspace.onDidOpenTextDocument(openFor));
    workspace.textDocuments.forEach(openFor);
    owned.add(helpWriting(() => room.open().then(({ language }) => language)));
    owned.add(registerCommands(services, { "byzer.newAgent": () => newAgentIn(services) }));
    return owned;
  },
};

/** Completion, hover, definitions and quick fixes. */
function helpWriting(language: () => Promise<Declared["language"]>): Disposable {
  const owned = new Disposables();
  owned.add(
    languages.registerCompletionItemProvider(
      agentDocuments,
      { provideCompletionItems: async (document, position) => [...(await language()).complete(document, position)] },
      ":",
      " ",
      "-",
      "[",
      "{",
      ",",
    ),
  );
  owned.add(
    languages.registerHoverProvider(agentDocuments, {
      provideHover: async (document, position) => (await language()).hover(document, position),
    }),
  );
  owned.add(
    languages.registerDefinitionProvider(agentDocuments, {
      provideDefinition: async (document, position) => (await language()).definition(document, position),
    }),
  );
  owned.add(
    languages.registerCodeActionsProvider(agentDocuments, {
      provideCodeActions: async (document, range) => [...(await (await language()).fixes(document, range))],
    }),
  );
  return owned;
}

async function newAgentIn({ declared: room, extensionUri }: Services): Promise<void> {
  await room.open();
  const isTaken = (name: string): boolean => room.directory.find(name) !== undefined;
  await (await room.functions()).newAgent({ extensionUri, isTaken });
}
