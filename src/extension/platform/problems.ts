import { CancellationError, type LogOutputChannel, commands, env, l10n, window } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import { problemOf } from "../../agents/ports/problem-of.ts";
import { problemText } from "../../agents/protocol/words/problem-text.ts";
import type { CommandId } from "../manifest/commands.ts";

/** Shows failures to the person, with the one way out that fits. */
export interface Problems {
  /** Logs `error` and shows its sentence. Cancellation is not shown. */
  readonly show: (error: unknown) => void;
  /** Runs `action`; what it throws is shown, and the result is then `undefined`. */
  readonly guard: <T>(action: () => T | Promise<T>) => Promise<T | undefined>;
}

export function createProblems(log: LogOutputChannel): Problems {
  const show = (error: unknown): void => {
    if (isCancellation(error)) {
      return;
    }
    log.error(error instanceof Error ? error : String(error));
    void offer(error);
  };
  return {
    show,
    guard: async (action) => {
      try {
        return await action();
      } catch (error) {
        show(error);
        return undefined;
      }
    },
  };
}

/** Whether `error` says that somebody stopped the work. */
export function isCancellation(error: unknown): boolean {
  return error instanceof CancellationError || (error instanceof Error && error.name === "AbortError");
}

async function offer(error: unknown): Promise<void> {
  const { title, command } = wayOut(error);
  if ((await window.showErrorMessage(sentenceOf(error), title)) === title) {
    await commands.executeCommand(command);
  }
}

/** What went wrong, in the language of the editor where that is known. */
export function sentenceOf(error: unknown): string {
  return problemText(problemOf(error), env.language);
}

/** What becomes better by connecting, to this cluster with another token or to another one. */
const connectable: ReadonlySet<string> = new Set([
  "remote.memory",
  "remote.none-named",
  "remote.not-connected",
  "remote.not-ray",
  "remote.refused",
  "remote.removed",
  "remote.token-missing",
  "remote.token-wrong",
  "remote.unreachable",
]);

function wayOut(error: unknown): { readonly title: string; readonly command: CommandId } {
  const code = error instanceof AgentError ? error.code : "";
  if (code === "model.wrong-key") {
    return { title: l10n.t("Set API Key"), command: "byzer.setApiKey" };
  }
  if (code.startsWith("model.")) {
    return { title: l10n.t("Choose Model"), command: "byzer.chooseModel" };
  }
  if (connectable.has(code)) {
    return { title: l10n.t("Connect…"), command: "byzer.connectCluster" };
  }
  if (code === "python.missing" || code === "python.unusable") {
    return { title: l10n.t("Choose Python"), command: "byzer.choosePython" };
  }
  return { title: l10n.t("Show Log"), command: "byzer.showLog" };
}
