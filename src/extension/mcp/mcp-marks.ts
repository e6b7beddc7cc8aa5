import { Diagnostic, DiagnosticSeverity, type Disposable, Range, type Uri, l10n, languages } from "vscode";
import type { McpConfiguration, McpProblem } from "../../agents/mcp/mcp-definition.ts";
import { serverPlace } from "../../agents/mcp/server-place.ts";

/** What a file says of servers, and the text that it was read from. */
export interface McpFileReading extends McpConfiguration {
  readonly file: Uri;
  readonly text: string;
}

/** Keeps what is wrong with servers in the Problems panel, at the names of the servers. */
export class McpMarks implements Disposable {
  readonly #marks = languages.createDiagnosticCollection("byzer-mcp");

  /** Takes these files in place of those before. */
  show(files: readonly McpFileReading[]): void {
    this.#marks.clear();
    for (const { file, text, problems } of files) {
      this.#marks.set(
        file,
        problems.map((problem) => diagnosticOf(problem, text)),
      );
    }
  }

  dispose(): void {
    this.#marks.dispose();
  }
}

function diagnosticOf(problem: McpProblem, text: string): Diagnostic {
  const { line, column, length } = serverPlace(text, problem.server);
  const range = new Range(line - 1, column - 1, line - 1, column - 1 + length);
  const diagnostic = new Diagnostic(range, sentenceOf(problem), DiagnosticSeverity.Warning);
  diagnostic.source = "Byzer Agent";
  diagnostic.code = `mcp.${problem.code}`;
  return diagnostic;
}

function sentenceOf({ code }: McpProblem): string {
  switch (code) {
    case "no-object":
      return l10n.t("An object with “servers” is needed.");
    case "no-way":
      return l10n.t("This server needs a “command”, or a “url” with http:// or https://.");
    case "name":
      return l10n.t("A server needs a name that can be read: at most 64 signs, none of them invisible.");
  }
}
