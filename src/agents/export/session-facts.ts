import { withImports } from "../protocol/python-imports.ts";
import { fileWarnings } from "../protocol/reading-check.ts";
import type { AttachedFile, CellBlock, CellPhase, Turn } from "../protocol/session-state.ts";
import { problemText } from "../protocol/words/problem-text.ts";
import { createNumberWords } from "../protocol/words/number-words.ts";
import { warningText } from "../protocol/words/warning-text.ts";
import type { ExportCell, ExportDocument, ExportSection } from "./export-document.ts";
import type { ExportStrings } from "./export-strings.ts";
import { plainMarkdown } from "./markdown-text.ts";
import { pythonString } from "./rewrite-code.ts";
import type { SetupNeeds } from "./setup-code.ts";

/** What is said of a file: its size and shape and how it was read, then its warnings. Markdown. */
export function fileLines(file: AttachedFile, { strings, paths }: ExportDocument): readonly string[] {
  const name = `**${plainMarkdown(file.name)}**`;
  const { profile } = file;
  if (profile === null) {
    const reason = file.problem === null ? "" : problemText(file.problem, strings.locale);
    return [`- ${name}${reason === "" ? "" : ` — ${plainMarkdown(strings.notRead(reason))}`}`];
  }

  const { dialect } = profile;
  const words = createNumberWords(strings.locale);
  const facts = [
    sizeText(profile.sizeBytes, strings.locale),
    strings.rowsAndColumns(words.number(profile.rowCount), words.number(profile.columns.length)),
    dialect.format,
    dialect.encoding === null ? "" : strings.encoding(dialect.encoding),
    dialect.delimiter === null ? "" : strings.delimiter(JSON.stringify(dialect.delimiter)),
    dialect.sheet === null ? "" : strings.sheet(dialect.sheet),
    dialect.headerRow === null ? strings.noHeader : strings.headerLine(String(dialect.headerRow + 1)),
  ].filter((fact) => fact !== "");
  const { imports, code } = withImports(profile.reading.pandas);
  const call = code.replace(/\bpath\b/, () => pythonString(paths.inCode(file.path)));
  return [
    `- ${name} — ${plainMarkdown(facts.join(", "))}`,
    `  - ${strings.reading}: ${codeSpan([...imports, call].join("; "))}`,
    ...fileWarnings(profile, file.check).map(
      (warning) =>
        `  - ${warning.severity === "info" ? "" : "⚠ "}${plainMarkdown(warningText(warning, strings.locale, words))}`,
    ),
  ];
}

function codeSpan(code: string): string {
  const line = code.replaceAll(/\s+/g, " ");
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const mark = "`".repeat(longest + 1);
  const space = longest > 0 ? " " : "";
  return `${mark}${space}${line}${space}${mark}`;
}

function sizeText(bytes: number, locale: string): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }).format(value)} ${units[power] ?? ""}`;
}

/** Who answered, with which models, and when. */
export function answeredBy(turn: Turn, agents: readonly string[], strings: ExportStrings): string {
  return strings.answeredBy(
    [...new Set(agents)].join(" + "),
    turn.usage.models.join(" + "),
    momentText(turn.startedAt, strings),
  );
}

/** A moment in the language of the export, to the minute, in the time of this computer. */
export function momentText(at: number, { locale }: ExportStrings): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(at);
}

/** What a reader of a cell should know beside its code: who changed and who read it, and what it does beyond computing. */
export function cellNotes({ cell, code }: ExportCell, strings: ExportStrings): readonly string[] {
  const { block } = cell;
  return [
    ...(block.edited ? [strings.edited] : []),
    ...(block.review === null
      ? []
      : [strings.reviewed(block.review.reviewer, block.review.verdict === "approved", block.review.comment)]),
    ...effectNotes(block, strings),
    ...(/\b(?:input|getpass)\s*\(/.test(code) ? [strings.asksForInput] : []),
  ];
}

function effectNotes(block: CellBlock, strings: ExportStrings): readonly string[] {
  const told = block.effects.filter(({ kind }) =>
    ["write-file", "delete-file", "change-data", "process", "network"].includes(kind),
  );
  return told.length === 0 ? [] : [strings.wroteFiles([...new Set(told.map(({ detail }) => detail))].join(", "))];
}

/** How a cell that does not run again ended; empty where there is nothing to say. */
export function attemptEnding(phase: CellPhase, strings: ExportStrings): string {
  const endings: { readonly [phase: string]: string } = strings.endings;
  return endings[phase] ?? "";
}

/** The cells of the export that run, in order. */
export function exportedCells(sections: readonly ExportSection[]): readonly ExportCell[] {
  return sections.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === "cell" ? [part] : [])));
}

/** What the code of an export needs to be set up for it. */
export function setupNeeds({ sections, paths }: ExportDocument): SetupNeeds {
  const cells = exportedCells(sections);
  const code = cells.map((cell) => cell.code).join("\n");
  return {
    paths,
    usesPandas: /\bpandas\b|\bpd\b/.test(code),
    draws: /\b(?:matplotlib|seaborn|plt|plotnine)\b|\.plot\b|\.(?:hist|boxplot)\(/.test(code),
    restarts: cells.some(({ restartsBefore }) => restartsBefore),
  };
}

/** What is said of the paths in the code; empty where nothing was changed and nothing need be known. */
export function pathNote({ paths, strings }: ExportDocument): string {
  return paths.workingDirectory === null
    ? strings.absolutePaths(paths.absoluteWorkingDirectory)
    : strings.relativePaths;
}
