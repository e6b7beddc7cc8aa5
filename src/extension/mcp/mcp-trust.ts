import { type Memento, l10n, window, workspace } from "vscode";
import { definitionMark } from "../../agents/mcp/definition-mark.ts";
import { type McpDefinition, mcpText } from "../../agents/mcp/mcp-definition.ts";
import { allowedServers, setAllowedServers } from "./allowed-servers.ts";

/** Which servers that came with this workspace may be started or contacted: those that the person said yes to as they are. */
export class McpTrustDesk {
  readonly #state: Memento;
  readonly #answers = new Map<string, Promise<boolean>>();

  constructor(state: Memento) {
    this.#state = state;
  }

  /** One question for each definition; a no holds until the window is opened again, a yes until the definition changes. */
  async allow(definition: McpDefinition): Promise<boolean> {
    if (!workspace.isTrusted) {
      return false;
    }

    const mark = await definitionMark(definition, process.env);
    const answer = this.#answers.get(mark) ?? this.#ask(definition, mark);
    this.#answers.set(mark, answer);
    try {
      return await answer;
    } catch (error) {
      // A question that could not be asked is no answer.
      this.#answers.delete(mark);
      throw error;
    }
  }

  /** Takes all answers back. */
  async forget(): Promise<void> {
    this.#answers.clear();
    await setAllowedServers(this.#state, []);
  }

  async #ask(definition: McpDefinition, mark: string): Promise<boolean> {
    if (allowedServers(this.#state).includes(mark)) {
      return true;
    }

    const isProgram = definition.how.kind === "stdio";
    const yes = isProgram ? l10n.t("Start") : l10n.t("Connect");
    const question = isProgram
      ? l10n.t("Start the MCP server “{0}” of this workspace?", definition.name)
      : l10n.t("Connect to the MCP server “{0}” of this workspace?", definition.name);
    const detail = isProgram
      ? l10n.t(
          "{0}\n\nIt runs as you: it can read and change your files and use the network. The answer holds in this workspace until the definition changes.",
          mcpText(definition),
        )
      : l10n.t(
          "{0}\n\nWhat agents tell its tools is sent there. The answer holds in this workspace until the definition changes.",
          mcpText(definition),
        );
    if ((await window.showWarningMessage(question, { modal: true, detail }, yes)) !== yes) {
      return false;
    }

    await setAllowedServers(this.#state, [...allowedServers(this.#state), mark]);
    return true;
  }
}
