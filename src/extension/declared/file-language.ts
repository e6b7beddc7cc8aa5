import {
  CodeAction,
  CodeActionKind,
  CompletionItem,
  CompletionItemKind,
  Hover,
  Location,
  MarkdownString,
  type Position,
  Range,
  SnippetString,
  type TextDocument,
  Uri,
  WorkspaceEdit,
  env,
  l10n,
} from "vscode";
import { type HeadCompletion, type HeadContext, completeHead } from "../../agents/declared/complete-head.ts";
import type { FileAgents } from "../../agents/declared/file-agents.ts";
import { headPlaceAt } from "../../agents/declared/head-place.ts";
import { hoverHead } from "../../agents/declared/hover-head.ts";
import type { KnownName } from "../../agents/declared/known-names.ts";
import { agentFileKind, isEditorsFile, readAgentFile } from "../../agents/declared/read-agent-file.ts";
import type { Span } from "../../agents/declared/place.ts";
import type { AgentDirectory } from "../../agents/directory/agent-directory.ts";
import { rangeOf } from "./agent-file-marks.ts";

export interface FileLanguageParts {
  readonly files: FileAgents;
  readonly directory: AgentDirectory;
  readonly models: () => readonly KnownName[];
}

const itemKinds: Readonly<Record<HeadCompletion["kind"], CompletionItemKind>> = {
  key: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  agents: CompletionItemKind.Reference,
  tools: CompletionItemKind.Function,
  models: CompletionItemKind.Constant,
};

/** Keys that the editor itself completes in its own agents' files. */
const completedByEditor: ReadonlySet<string> = new Set(["name", "description", "model", "tools", "agents", "handoffs"]);

/** What the editor asks about an agent's file while it is written. */
export class FileLanguage {
  readonly #parts: FileLanguageParts;

  constructor(parts: FileLanguageParts) {
    this.#parts = parts;
  }

  complete(document: TextDocument, position: Position): readonly CompletionItem[] {
    const context = this.#contextOf(document);
    const isEditors = isEditorsFile(document.uri.fsPath);
    return completeHead(document.getText(), document.offsetAt(position), context)
      .filter(({ kind, label }) => !isEditors || (kind === "key" && !completedByEditor.has(label)))
      .map((completion, order) => itemOf(completion, order, document));
  }

  hover(document: TextDocument, position: Position): Hover | undefined {
    const found = hoverHead(document.getText(), document.offsetAt(position), this.#contextOf(document));
    if (found === null) {
      return undefined;
    }
    const words = new MarkdownString(`**${found.title}**\n\n`);
    // What an agent says of itself comes from a file.
    return new Hover(
      isMarkdown(found.text) ? words.appendMarkdown(found.text) : words.appendText(found.text),
      rangeIn(document, found.span),
    );
  }

  /** Where the agent that is named is declared. */
  definition(document: TextDocument, position: Position): Location | undefined {
    const word = headPlaceAt(document.getText(), document.offsetAt(position))?.word ?? "";
    const origin = this.#parts.directory.find(word)?.origin;
    return origin === undefined || !("path" in origin)
      ? undefined
      : new Location(Uri.file(origin.path), new Range(0, 0, 0, 0));
  }

  /** What may be put in the place of what is wrong within the range. */
  async fixes(document: TextDocument, range: Range): Promise<readonly CodeAction[]> {
    const { problems } = await readAgentFile(document.uri.fsPath, document.getText(), this.#parts.files.known);
    const here = problems.filter((problem) => rangeOf(problem).intersection(range) !== undefined);
    return here.flatMap((problem) =>
      problem.fixes.map(({ text }) => {
        const action = new CodeAction(l10n.t("Change to “{0}”", text), CodeActionKind.QuickFix);
        action.edit = new WorkspaceEdit();
        action.edit.replace(document.uri, rangeOf(problem), text);
        action.isPreferred = true;
        return action;
      }),
    );
  }

  #contextOf(document: TextDocument): HeadContext {
    const kind = agentFileKind(document.uri.fsPath) ?? "agent";
    return { kind, known: this.#parts.files.known, models: this.#parts.models(), locale: env.language };
  }
}

function isMarkdown(text: string): boolean {
  return text.includes("`") && !/[<\]]/u.test(text);
}

function itemOf(
  { label, kind, snippet, documentation, span }: HeadCompletion,
  order: number,
  document: TextDocument,
): CompletionItem {
  const [description = ""] = documentation.split(/[.:;。：；](?:\s|$|(?<=[。：；]))/u);
  const item = new CompletionItem({ label, description: description.replaceAll("`", "") }, itemKinds[kind]);
  item.insertText = new SnippetString(snippet);
  item.range = rangeIn(document, span);
  item.sortText = String(order).padStart(3, "0");
  if (documentation !== "") {
    item.documentation = kind === "key" ? new MarkdownString(documentation) : documentation;
  }
  if (/(?:: |\[)\$1\]?$/u.test(snippet)) {
    item.command = { command: "editor.action.triggerSuggest", title: "" };
  }
  return item;
}

function rangeIn(document: TextDocument, { start, end }: Span): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}
