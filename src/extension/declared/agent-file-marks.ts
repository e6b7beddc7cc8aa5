import {
  Diagnostic,
  DiagnosticSeverity,
  type Disposable,
  Range,
  type TextDocument,
  Uri,
  env,
  languages,
  workspace,
} from "vscode";
import type { FileAgents } from "../../agents/declared/file-agents.ts";
import { readAgentFile } from "../../agents/declared/read-agent-file.ts";
import type { AgentFileProblem } from "../../agents/protocol/agent-file-problem.ts";
import { agentFileText } from "../../agents/protocol/words/agent-file-text.ts";
import { Disposables } from "../platform/disposables.ts";
import { isAgentDocument } from "./agent-documents.ts";

/** A sentence is not marked while it is typed. */
const pauseMs = 200;

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  hint: DiagnosticSeverity.Information,
} as const;

/** Keeps what is wrong in agents' files in the Problems panel: as saved, and as written where a file is open. */
export class AgentFileMarks implements Disposable {
  readonly #owned = new Disposables();
  readonly #marks = this.#owned.add(languages.createDiagnosticCollection("byzer-agents"));
  readonly #files: FileAgents;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #marked: readonly string[] = [];

  constructor(files: FileAgents) {
    this.#files = files;
    this.#owned.add({ dispose: files.onChange(() => this.#markAll()) });
    this.#owned.add(workspace.onDidOpenTextDocument((document) => void this.#markDocument(document)));
    this.#owned.add(workspace.onDidChangeTextDocument(({ document }) => this.#markSoon(document)));
    this.#owned.add(workspace.onDidCloseTextDocument(({ uri }) => this.#markFile(uri.fsPath)));
    this.#owned.add({ dispose: () => this.#timers.forEach((timer) => clearTimeout(timer)) });
    this.#markAll();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #markAll(): void {
    const paths = [...this.#files.problems.keys()];
    const open = new Map(
      workspace.textDocuments
        .filter((document) => isAgentDocument(document))
        .map((document) => [document.uri.fsPath, document]),
    );
    for (const path of this.#marked.filter((known) => !paths.includes(known) && !open.has(known))) {
      this.#marks.delete(Uri.file(path));
    }
    paths.filter((path) => !open.has(path)).forEach((path) => this.#markFile(path));
    open.forEach((document) => void this.#markDocument(document));
    this.#marked = [...paths, ...open.keys()];
  }

  #markFile(path: string): void {
    this.#marks.set(
      Uri.file(path),
      (this.#files.problems.get(path) ?? []).map((problem) => diagnosticOf(problem)),
    );
  }

  #markSoon(document: TextDocument): void {
    if (isAgentDocument(document)) {
      const key = document.uri.toString();
      clearTimeout(this.#timers.get(key));
      this.#timers.set(
        key,
        setTimeout(() => void this.#markDocument(document), pauseMs),
      );
    }
  }

  async #markDocument(document: TextDocument): Promise<void> {
    if (!isAgentDocument(document)) {
      return;
    }
    const { version } = document;
    const { problems } = await readAgentFile(document.uri.fsPath, document.getText(), this.#files.known);
    if (version === document.version && !document.isClosed) {
      this.#marks.set(
        document.uri,
        problems.map((problem) => diagnosticOf(problem)),
      );
    }
  }
}

/** The place of a problem, as the editor counts. */
export function rangeOf({ line, column, endLine, endColumn }: AgentFileProblem): Range {
  return new Range(line - 1, column - 1, endLine - 1, endColumn - 1);
}

function diagnosticOf(problem: AgentFileProblem): Diagnostic {
  const diagnostic = new Diagnostic(
    rangeOf(problem),
    agentFileText(problem, env.language),
    severities[problem.severity],
  );
  diagnostic.source = "Byzer Agent";
  diagnostic.code = problem.code;
  return diagnostic;
}
