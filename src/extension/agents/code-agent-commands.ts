import { dirname } from "node:path";
import { Uri, debug, extensions, l10n, window, workspace } from "vscode";
import { codeFilePattern, nameOfCodeFile } from "../../agents/agent-process/code-file.ts";
import type { DirectoryEntry } from "../../agents/directory/agent-directory.ts";
import type { AgentHouse } from "./agent-house.ts";
import type { AgentRoom } from "./agent-room.ts";
import { stateText } from "./state-text.ts";

/**
 * What a person does with an agent in code. `given`: an address, a line of the Agents view or a path; else the file that is
 * open, or a choice.
 */
export class CodeAgentCommands {
  readonly #room: AgentRoom;

  constructor(room: AgentRoom) {
    this.#room = room;
  }

  start(given: unknown): Promise<void> {
    return this.#with(given, l10n.t("Which agent to start?"), async (house, path) => {
      await house.code.start(path, new AbortController().signal);
      sayReady(house, path);
    });
  }

  stop(given: unknown): Promise<void> {
    return this.#with(given, l10n.t("Which agent to stop?"), (house, path) => house.code.stop(path));
  }

  restart(given: unknown): Promise<void> {
    return this.#with(given, l10n.t("Which agent to restart?"), async (house, path) => {
      await house.code.restart(path, { inspect: false, signal: new AbortController().signal });
      sayReady(house, path);
    });
  }

  /** Starts it anew with an open door for the debugger, and lets the editor's attach. */
  debug(given: unknown): Promise<void> {
    return this.#with(given, l10n.t("Which agent to debug?"), async (house, path) => {
      const address = await house.code.restart(path, { inspect: true, signal: new AbortController().signal });
      if (address === null) {
        throw new Error(l10n.t("The debugger of “{0}” cannot be reached.", nameOfCodeFile(path)));
      }
      if (extensions.getExtension("ms-vscode.js-debug") === undefined) {
        const sentence = l10n.t("This editor has no debugger for JavaScript. The agent waits for one at {0}", address);
        void window.showInformationMessage(sentence);
        return;
      }
      const { hostname, port } = new URL(address);
      await debug.startDebugging(workspace.getWorkspaceFolder(Uri.file(path)), {
        type: "node",
        request: "attach",
        name: l10n.t("Agent {0}", nameOfCodeFile(path)),
        address: hostname,
        port: Number(port),
        cwd: dirname(path),
        skipFiles: ["<node_internals>/**", "**/agent-process.mjs"],
      });
    });
  }

  showOutput(given: unknown): Promise<void> {
    return this.#with(given, l10n.t("The output of which agent?"), async (_house, path) => {
      this.#room.output.show(nameOfCodeFile(path));
    });
  }

  async #with(
    given: unknown,
    title: string,
    action: (house: AgentHouse, path: string) => Promise<void>,
  ): Promise<void> {
    const house = await this.#room.open();
    const path = pathOf(given, house) ?? (await pickAgent(house, title));
    if (path !== undefined) {
      await action(house, path);
    }
  }
}

function sayReady({ code }: AgentHouse, path: string): void {
  const entry = code.entries.find(({ origin }) => origin.kind === "code" && origin.path === path);
  if (entry?.state === "ready") {
    const sentence = l10n.t("The agent {0} is ready: ask @{0} in the chat.", entry.definition.name);
    window.setStatusBarMessage(sentence, 5000);
  }
}

function pathOf(given: unknown, { code }: AgentHouse): string | undefined {
  const active = window.activeTextEditor?.document.uri.fsPath;
  const isPlace = typeof given === "object" && given !== null && "fsPath" in given;
  const named = isPlace ? given.fsPath : typeof given === "string" ? given : active;
  return code.entries
    .flatMap(({ origin }) => (origin.kind === "code" ? origin.path : []))
    .find((path) => path === named);
}

async function pickAgent({ code }: AgentHouse, title: string): Promise<string | undefined> {
  const items = code.entries.flatMap((entry) => itemOf(entry));
  if (items.length === 0) {
    const sentence = l10n.t("There is no agent in code here: it is a file like .byzer/agents/hello.agent.mjs.");
    void window.showInformationMessage(sentence);
    return undefined;
  }
  return (await window.showQuickPick(items, { title, matchOnDescription: true }))?.path;
}

function itemOf({ definition, origin, state, problem }: DirectoryEntry) {
  return origin.kind === "code" && codeFilePattern.test(origin.path)
    ? [
        {
          label: definition.name,
          description: `${workspace.asRelativePath(origin.path)} · ${stateText(state)}`,
          detail: problem?.message ?? definition.description,
          path: origin.path,
        },
      ]
    : [];
}
