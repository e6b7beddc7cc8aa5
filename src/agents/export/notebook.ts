import { sourceLines as askedLines, citationLines } from "./citation-lines.ts";
import type { ExportCell, ExportDocument, ExportSection } from "./export-document.ts";
import { fencedBlock, harmlessMarkdown, plainMarkdown, quotedMarkdown } from "./markdown-text.ts";
import { type ExportAssets, type NotebookOutput, notebookOutputs, sourceLines } from "./notebook-outputs.ts";
import { endsWithExpression, withQuietEnd } from "./rewrite-code.ts";
import type { RunCell } from "./run-cells.ts";
import {
  answeredBy,
  attemptEnding,
  cellNotes,
  exportedCells,
  fileLines,
  momentText,
  pathNote,
  setupNeeds,
} from "./session-facts.ts";
import { notebookSetup, restartCode } from "./setup-code.ts";

type NotebookCell =
  | {
      readonly cell_type: "markdown";
      readonly id: string;
      readonly metadata: object;
      readonly source: readonly string[];
    }
  | {
      readonly cell_type: "code";
      readonly id: string;
      readonly metadata: object;
      readonly source: readonly string[];
      readonly execution_count: number | null;
      readonly outputs: readonly NotebookOutput[];
    };

/**
 * A Jupyter notebook (nbformat 4.5) of what was asked and answered. Its code runs from top to bottom in a plain kernel
 * beside the files, and gives what the outputs show.
 */
export function notebookText(document: ExportDocument, assets: ExportAssets): string {
  const writer = new NotebookWriter(document, assets);
  const notebook = {
    cells: writer.cells(),
    metadata: {
      kernelspec: { display_name: "Python 3 (ipykernel)", language: "python", name: "python3" },
      language_info: { name: "python", file_extension: ".py", mimetype: "text/x-python", pygments_lexer: "ipython3" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(notebook, wellFormed, 1)}\n`;
}

/** Half a character, as a cut output may end with, cannot be read by every program. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed() : value;
}

class NotebookWriter {
  readonly #document: ExportDocument;
  readonly #assets: ExportAssets;
  readonly #cells: NotebookCell[] = [];
  #count = 0;

  constructor(document: ExportDocument, assets: ExportAssets) {
    this.#document = document;
    this.#assets = assets;
  }

  cells(): readonly NotebookCell[] {
    const { strings, sections, files, sources: asked, title } = this.#document;
    const lines = [...files.flatMap((file) => fileLines(file, this.#document)), ...askedLines(asked, strings)];
    const hasCode = exportedCells(sections).length > 0;
    this.#markdown(
      `# ${plainMarkdown(title)}`,
      plainMarkdown(strings.exportedOn(momentText(this.#document.exportedAt, strings))),
      ...(lines.length === 0 ? [] : [`## ${strings.files}`, lines.join("\n")]),
      hasCode || asked.length === 0 ? plainMarkdown(pathNote(this.#document)) : "",
    );
    const setup = notebookSetup(setupNeeds(this.#document), strings.setup);
    if (setup !== "") {
      this.#code(setup, { executionCount: this.#next(), outputs: [] });
    }

    sections.forEach((section) => this.#section(section));
    return this.#cells;
  }

  #section(section: ExportSection): void {
    const { strings } = this.#document;
    const { turn, parts } = section;
    const notes = section.leftOut === 0 ? section.notes : [...section.notes, strings.leftOut(section.leftOut)];
    this.#markdown(
      section.isPreparation ? `## ${strings.preparation}` : `## ${strings.question}`,
      quotedMarkdown(turn.question),
      ...notes.map((note) => `*${plainMarkdown(note)}*`),
    );
    for (const part of parts) {
      if (part.kind === "cell") {
        this.#exported(part);
      } else if (part.kind === "attempt") {
        this.#attempt(part.cell);
      } else {
        const by = answeredBy(turn, [part.block.agent], strings);
        const cited = citationLines(part.block, strings);
        this.#markdown(`### ${strings.answer}`, harmlessMarkdown(part.block.text), cited, `*${plainMarkdown(by)}*`);
      }
    }

    if (!section.isPreparation && !parts.some(({ kind }) => kind === "answer")) {
      const reason = turn.problem === null ? "" : plainMarkdown(turn.problem.message);
      this.#markdown(`### ${strings.answer}`, [strings.noAnswer, reason].filter(Boolean).join(" "));
    }
  }

  #exported(part: ExportCell): void {
    const { strings } = this.#document;
    if (part.restartsBefore) {
      this.#code(restartCode(strings.setup), { executionCount: this.#next(), outputs: [] });
    }

    const notes = cellNotes(part, strings);
    if (notes.length > 0) {
      this.#markdown(notes.map((note) => `*${plainMarkdown(note)}*`).join("  \n"));
    }

    const { outputs } = part.cell.block;
    const drew = outputs.some(({ type }) => type === "image");
    const showed = outputs.some(({ type }) => type === "value" || type === "table");
    const code = drew && !showed ? withQuietEnd(part.code) : part.code;
    const executionCount = this.#next();
    const context = { assets: this.#assets, strings, executionCount, endsWithExpression: endsWithExpression(code) };
    this.#code(code, { executionCount, outputs: notebookOutputs(outputs, context) });
  }

  /** Code that does not run again: it is read, not executed. */
  #attempt({ block }: RunCell): void {
    const { strings } = this.#document;
    const error = block.outputs.findLast((output) => output.type === "error");
    const ending = attemptEnding(block.phase, strings);
    this.#markdown(
      `<details><summary>${strings.failedAttempt}</summary>`,
      ending,
      fencedBlock(block.code, "python"),
      ...(error === undefined ? [] : [fencedBlock(error.traceback || `${error.name}: ${error.message}`)]),
      "</details>",
    );
  }

  #next(): number {
    this.#count += 1;
    return this.#count;
  }

  #markdown(...paragraphs: readonly string[]): void {
    const source = sourceLines(paragraphs.filter((part) => part !== "").join("\n\n"));
    this.#cells.push({ cell_type: "markdown", id: this.#id(), metadata: {}, source });
  }

  #code(
    code: string,
    { executionCount, outputs }: { readonly executionCount: number; readonly outputs: readonly NotebookOutput[] },
  ): void {
    const source = sourceLines(code.replace(/\n+$/, ""));
    this.#cells.push({
      cell_type: "code",
      id: this.#id(),
      metadata: {},
      source,
      execution_count: executionCount,
      outputs,
    });
  }

  /** The same export has the same ids, so that versions can be compared. */
  #id(): string {
    return `byzer-${this.#cells.length + 1}`;
  }
}
