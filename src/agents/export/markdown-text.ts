import { type ShownTable, cellText } from "./table-text.ts";

const address = /\b(?:[a-z][a-z\d+.-]{1,20}:\/\/|www\.|mailto:)[^\s`<>|]*[^\s`<>|.,;:!?'")\]，。；：！？）】]/giu;

/** Text as Markdown that shows exactly this text, on one line: nothing in it is a link, a picture or an element. */
export function plainMarkdown(text: string): string {
  const line = withoutControls(text).replaceAll(/\s+/gu, " ").trim();
  return outsideAddresses(line, plainPart).replace(/^[-+=#]/, "\\$&");
}

function plainPart(part: string): string {
  return withEntities(part.replaceAll(/[\\*{}|~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\$&"));
}

/** What begins elements, links, pictures, code and mathematics, so that no character before it can undo it. */
function withEntities(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[[\]`]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll("$", "\\$")
    .replaceAll(/(?<=\S)@(?=\S)/g, "&#64;");
}

/** Several lines of plain text as a quotation. */
export function quotedMarkdown(text: string): string {
  const lines = text.trim().split(/\r?\n/).map(plainMarkdown);
  return lines.map((line) => (line === "" ? ">" : `> ${line}  `).trimEnd()).join("\n");
}

/**
 * Markdown that somebody else wrote, such as a model, with its formatting and without what reaches out: elements of
 * HTML, links, pictures, mathematics. Addresses are shown as text. Code in it stays as it is.
 */
export function harmlessMarkdown(text: string): string {
  const lines = withoutControls(text).trim().split(/\r?\n/);
  const result: string[] = [];
  let fence: string | undefined;
  for (const line of lines) {
    const [, mark, info = ""] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (fence === undefined && mark !== undefined && !info.includes("`")) {
      // At the margin it is a block of its own, whatever stands before: nobody can take it for the end of another.
      fence = mark;
      result.push(mark + (/^\s*([\w+#-]*)/.exec(info)?.[1] ?? ""));
    } else if (fence === undefined) {
      result.push(harmlessLine(line));
    } else if (mark?.startsWith(fence) === true && info.trim() === "") {
      result.push(mark);
      fence = undefined;
    } else {
      result.push(line);
    }
  }

  return [...result, ...(fence === undefined ? [] : [fence])].join("\n");
}

/** Code spans are left as they are, but for those that the cells of a table could divide. */
function harmlessLine(line: string): string {
  const span = /(?<!`)(`+)(?!`)(.*?[^`])\1(?!`)/g;
  let result = "";
  let at = 0;
  for (const found of line.matchAll(span)) {
    if (!found[0].includes("|")) {
      const before = harmlessText(line.slice(at, found.index));
      const isEscaped = (/\\*$/.exec(before)?.[0].length ?? 0) % 2 === 1;
      result += `${before}${isEscaped ? "\\" : ""}${found[0]}`;
      at = found.index + found[0].length;
    }
  }

  return result + harmlessText(line.slice(at));
}

function harmlessText(text: string): string {
  return outsideAddresses(text, harmlessPart);
}

function harmlessPart(part: string): string {
  const quote = /^(?:\s*>)+/.exec(part)?.[0] ?? "";
  const rest = part.slice(quote.length).replaceAll(/\\(?=[<>[\]$&`@])/g, "");
  return quote + withEntities(rest).replaceAll("~~~", "\\~~~");
}

/** Addresses become code, which no viewer makes a link of. */
function outsideAddresses(text: string, plain: (part: string) => string): string {
  let result = "";
  let at = 0;
  for (const found of text.matchAll(address)) {
    result += `${plain(text.slice(at, found.index))}\`${found[0]}\``;
    at = found.index + found[0].length;
  }

  return result + plain(text.slice(at));
}

/** A block in which nothing is Markdown, whatever it holds. */
export function fencedBlock(text: string, language = ""): string {
  const body = withoutControls(text).replace(/\n+$/, "");
  const longest = Math.max(2, ...[...body.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${body}\n${fence}`;
}

/** A table as GitHub and most viewers show it. */
export function markdownTable({ columns, rows, caption }: ShownTable): string {
  if (columns.length === 0) {
    return `*${plainMarkdown(caption)}*`;
  }

  return [
    tableLine(columns.map(({ name }) => plainMarkdown(name))),
    tableLine(columns.map(({ kind }) => (kind === "number" ? "---:" : "---"))),
    ...rows.map((row) => tableLine(row.map((cell) => plainMarkdown(cellText(cell))))),
    "",
    `*${plainMarkdown(caption)}*`,
  ].join("\n");
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** An address of a file beside the document, for use in a link. */
export function linkTarget(path: string): string {
  return path
    .split("/")
    .map((step) => encodeURIComponent(step).replaceAll(/[()'!*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`))
    .join("/");
}

/** Text without what steers a terminal or turns its direction, lines and tabs kept. */
export function withoutControls(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- the sequences that colour a terminal's text begin with one
      .replaceAll(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|.)/g, "")
      // oxlint-disable-next-line no-control-regex -- these are what is taken out
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069]/g, "")
  );
}
