import { basename } from "node:path";
import { type Disposable, EventEmitter, type Memento, commands, l10n, window, workspace } from "vscode";
import type { CodeTrust } from "../../agents/agent-process/living-agent.ts";

const key = "byzer.codeAgents";

/** Which files with an agent in code may run: those that the person said yes to, in a trusted workspace. */
export class CodeTrustDesk implements CodeTrust, Disposable {
  readonly #state: Memento;
  readonly #changes = new EventEmitter<void>();
  readonly #asking = new Map<string, Promise<boolean>>();
  readonly #granting = workspace.onDidGrantWorkspaceTrust(() => this.#changes.fire());

  /** Fires when more or less may run. */
  readonly onChange = this.#changes.event;

  constructor(state: Memento) {
    this.#state = state;
  }

  /** Absolute paths of the files that the person said yes to. */
  get paths(): readonly string[] {
    return this.#state.get<readonly string[]>(key, []);
  }

  isTrusted(path: string): boolean {
    return workspace.isTrusted && this.paths.includes(path);
  }

  /** One question for each file, however many want to know. */
  ask(path: string): Promise<boolean> {
    const asking = this.#asking.get(path) ?? this.#ask(path).finally(() => this.#asking.delete(path));
    this.#asking.set(path, asking);
    return asking;
  }

  /** Takes all yeses back. */
  async forget(): Promise<void> {
    await this.#state.update(key, []);
    this.#changes.fire();
  }

  dispose(): void {
    this.#granting.dispose();
    this.#changes.dispose();
  }

  async #ask(path: string): Promise<boolean> {
    if (!workspace.isTrusted) {
      await sayUntrusted(path);
      return false;
    }
    if (!this.isTrusted(path)) {
      const run = l10n.t("Run");
      const detail = l10n.t(
        "{0}\n\nThis agent is a program. It runs in a process of its own, as you: it can read and change your files and use the network. It gets none of your API keys. The answer holds for this file in this workspace, also when the file changes.",
        workspace.asRelativePath(path),
      );
      const question = l10n.t("Run the code of the agent “{0}”?", basename(path));
      if ((await window.showWarningMessage(question, { modal: true, detail }, run)) !== run) {
        return false;
      }
      await this.#state.update(key, [...this.paths, path]);
      this.#changes.fire();
    }
    return true;
  }
}

async function sayUntrusted(path: string): Promise<void> {
  const manage = l10n.t("Manage Workspace Trust");
  const sentence = l10n.t("The agent “{0}” is a program, and this workspace is not trusted.", basename(path));
  if ((await window.showWarningMessage(sentence, manage)) === manage) {
    await commands.executeCommand("workbench.trust.manage");
  }
}
