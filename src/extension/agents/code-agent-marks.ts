import { Diagnostic, DiagnosticSeverity, type Disposable, Range, Uri, env, languages } from "vscode";
import type { AgentFinder, DirectoryEntry } from "../../agents/directory/agent-directory.ts";
import { problemText } from "../../agents/protocol/words/problem-text.ts";
import { Disposables } from "../platform/disposables.ts";

/** Keeps what is wrong with agents in code in the Problems panel, at the line that their problem tells. */
export class CodeAgentMarks implements Disposable {
  readonly #owned = new Disposables();
  readonly #marks = this.#owned.add(languages.createDiagnosticCollection("byzer-code-agents"));

  constructor(code: AgentFinder) {
    this.#owned.add({ dispose: code.onChange(() => this.#mark(code.entries)) });
    this.#mark(code.entries);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #mark(entries: readonly DirectoryEntry[]): void {
    this.#marks.clear();
    for (const { origin, state, problem } of entries) {
      if (origin.kind === "code" && state === "broken" && problem !== null) {
        const diagnostic = new Diagnostic(
          rangeOf(problem.details["line"]),
          problemText(problem, env.language),
          DiagnosticSeverity.Error,
        );
        diagnostic.source = "Byzer Agent";
        diagnostic.code = problem.code;
        this.#marks.set(Uri.file(origin.path), [diagnostic]);
      }
    }
  }
}

/** A whole line; the first where nothing is known. */
function rangeOf(line: unknown): Range {
  const at = typeof line === "number" && line > 0 ? line - 1 : 0;
  return new Range(at, 0, at, 1_000);
}
