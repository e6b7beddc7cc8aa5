import type { CellOutput } from "../protocol/cell-output.ts";
import { citationLines, sourceLines } from "./citation-lines.ts";
import type { ExportCell, ExportDocument, ExportSection } from "./export-document.ts";
import {
  fencedBlock,
  harmlessMarkdown,
  linkTarget,
  markdownTable,
  plainMarkdown,
  quotedMarkdown,
} from "./markdown-text.ts";
import type { ExportAssets } from "./notebook-outputs.ts";
import { answeredBy, attemptEnding, cellNotes, fileLines, momentText } from "./session-facts.ts";
import { shownTable } from "./table-text.ts";

/** Most rows of a table and characters of an output in a report: it is read, not computed with. */
const rowLimit = 30;
const textLimit = 4_000;

/** A report and the pictures that it shows. */
export interface Report {
  readonly text: string;
  /** By their names in the folder of pictures. */
  readonly pictures: ReadonlyMap<string, Uint8Array>;
}

/**
 * A report in Markdown: questions, answers, tables and plots, with the code folded. Nothing that a file, an output or a
 * model wrote can become an element, a link or a picture in it.
 *
 * @param folder Name of the folder of pictures, beside the report.
 */
export function reportText(document: ExportDocument, assets: ExportAssets, folder: string): Report {
  const writer = new ReportWriter(document, assets, folder);
  return { text: `${writer.text().trimEnd()}\n`.toWellFormed(), pictures: writer.pictures };
}

class ReportWriter {
  readonly pictures = new Map<string, Uint8Array>();
  readonly #document: ExportDocument;
  readonly #assets: ExportAssets;
  readonly #folder: string;

  constructor(document: ExportDocument, assets: ExportAssets, folder: string) {
    this.#document = document;
    this.#assets = assets;
    this.#folder = folder;
  }

  text(): string {
    const { title, strings, files, sources, sections, exportedAt } = this.#document;
    const lines = [...files.flatMap((file) => fileLines(file, this.#document)), ...sourceLines(sources, strings)];
    return [
      `# ${plainMarkdown(title)}`,
      plainMarkdown(strings.exportedOn(momentText(exportedAt, strings))),
      ...(lines.length === 0 ? [] : [`## ${strings.files}`, lines.join("\n")]),
      ...sections.filter(({ isPreparation }) => !isPreparation).flatMap((section) => this.#section(section)),
    ].join("\n\n");
  }

  #section({ turn, parts, notes, leftOut }: ExportSection): readonly string[] {
    const { strings } = this.#document;
    const answers = parts.flatMap((part) => (part.kind === "answer" ? [part.block] : []));
    const results = parts.flatMap((part) => (part.kind === "cell" ? this.#results(part.cell.block.outputs) : []));
    const told = leftOut === 0 ? notes : [...notes, strings.leftOut(leftOut)];
    return [
      `## ${plainMarkdown(turn.question)}`,
      ...(turn.question.includes("\n") ? [quotedMarkdown(turn.question)] : []),
      ...answers.flatMap((answer) => [harmlessMarkdown(answer.text), citationLines(answer, strings)].filter(Boolean)),
      ...(answers.length === 0
        ? [[strings.noAnswer, plainMarkdown(turn.problem?.message ?? "")].join(" ").trim()]
        : []),
      ...results,
      ...told.map((note) => `*${strings.note}: ${plainMarkdown(note)}*`),
      ...parts.flatMap((part) => (part.kind === "answer" ? [] : this.#code(part))),
      `*${plainMarkdown(
        answeredBy(
          turn,
          answers.map(({ agent }) => agent),
          strings,
        ),
      )}*`,
    ];
  }

  /** What is a result by itself: tables and plots. What was printed stands with the code. */
  #results(outputs: readonly CellOutput[]): readonly string[] {
    const { strings } = this.#document;
    return outputs.flatMap((output) => {
      if (output.type === "table") {
        return [markdownTable(shownTable(output, strings, rowLimit))];
      }

      return output.type === "image" ? [this.#picture(output)] : [];
    });
  }

  #picture(image: Extract<CellOutput, { type: "image" }>): string {
    const { strings } = this.#document;
    const alt = image.alt === "" ? strings.picture : image.alt;
    const bytes = this.#assets.get(image.file);
    if (bytes === undefined) {
      return plainMarkdown(strings.pictureGone(alt));
    }

    const extension = { "image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg" }[image.mime];
    const name = `plot-${this.pictures.size + 1}.${extension}`;
    this.pictures.set(name, bytes);
    return `![${plainMarkdown(alt)}](${linkTarget(`${this.#folder}/${name}`)})`;
  }

  #code(part: Exclude<ExportSection["parts"][number], { kind: "answer" }>): readonly string[] {
    const { strings } = this.#document;
    const { block } = part.cell;
    const printed = block.outputs.map(printedText).filter((text) => text !== "");
    const isAttempt = part.kind === "attempt";
    const notes =
      part.kind === "cell" ? cellNotes(part satisfies ExportCell, strings) : [attemptEnding(block.phase, strings)];
    return [
      `<details><summary>${isAttempt ? strings.failedAttempt : strings.code}</summary>`,
      ...notes.filter((note) => note !== "").map((note) => `*${plainMarkdown(note)}*`),
      fencedBlock(part.kind === "cell" ? part.code : block.code, "python"),
      ...(printed.length === 0 ? [] : [`${strings.output}:`, fencedBlock(shortened(printed.join("\n")))]),
      "</details>",
    ];
  }
}

function printedText(output: CellOutput): string {
  switch (output.type) {
    case "text":
    case "value":
      return output.text.trimEnd();
    case "error":
      return `${output.name}: ${output.message}`;
    default:
      return "";
  }
}

function shortened(text: string): string {
  return text.length <= textLimit ? text : `${text.slice(0, textLimit / 2)}\n…\n${text.slice(-textLimit / 2)}`;
}
