import { decodeText } from "../../../encoding/decode-text.ts";
import { type ParsedFile, skipped } from "../parsed-document.ts";
import { markdownTitle } from "../markdown-title.ts";
import { DocumentText } from "./document-text.ts";

/** Outputs are shown by their beginning. */
const mostOutput = 2000;
const mostOutputsOfCell = 8;

interface Values {
  readonly [key: string]: unknown;
}

const isValues = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Text of a notebook is a text or its lines. */
function textOf(value: unknown): string {
  return Array.isArray(value)
    ? value.filter((line) => typeof line === "string").join("")
    : typeof value === "string"
      ? value
      : "";
}

/** The text of a notebook, cell by cell: sources, and what they put out as text. */
export async function readNotebook(bytes: Buffer): Promise<ParsedFile> {
  const json = await decodeText(bytes);
  const cells = json === null ? null : cellsOf(parsed(json));
  if (cells === null) {
    return skipped("broken");
  }
  const text = new DocumentText();
  cells.forEach((cell, index) => {
    text.beginPart(index + 1);
    addCell(cell, text);
  });
  return text.end();
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** The cells of a notebook of format 4, or of format 3, which has them in worksheets (https://nbformat.readthedocs.io). */
function cellsOf(notebook: unknown): readonly Values[] | null {
  if (!isValues(notebook)) {
    return null;
  }
  const { cells, worksheets } = notebook;
  if (Array.isArray(cells)) {
    return cells.filter(isValues);
  }
  return Array.isArray(worksheets)
    ? worksheets.flatMap((sheet: unknown) =>
        isValues(sheet) && Array.isArray(sheet["cells"]) ? sheet["cells"].filter(isValues) : [],
      )
    : null;
}

function addCell(cell: Values, text: DocumentText): void {
  const source = textOf(cell["source"] ?? cell["input"]);
  switch (cell["cell_type"]) {
    case "markdown":
      addMarkdown(source, text);
      break;
    case "heading":
      text.addHeading(Number(cell["level"] ?? 1) || 1, source);
      break;
    default:
      text.addBlock(source);
  }
  const outputs = Array.isArray(cell["outputs"]) ? cell["outputs"].filter(isValues) : [];
  for (const output of outputs.slice(0, mostOutputsOfCell)) {
    text.addBlock(outputText(output));
  }
}

/** Pictures that are written into the text. */
const dataPicture = /!\[([^\][]{0,1000})\]\(data:[^)![\]]*\)|<img[^<>]{1,1000}?src=["']data:[^<>]*>/giu;

/** Headings of a Markdown cell are headings of the notebook. */
function addMarkdown(source: string, text: DocumentText): void {
  let block: string[] = [];
  let inFence = false;
  for (const line of source.replace(dataPicture, "$1").split(/\r?\n/u)) {
    inFence = /^ {0,3}(?:```|~~~)/u.test(line) ? !inFence : inFence;
    const title = inFence ? null : markdownTitle(line);
    if (title === null) {
      block.push(line);
    } else {
      text.addBlock(block.join("\n"));
      text.addHeading(title.level, title.title);
      block = [];
    }
  }
  text.addBlock(block.join("\n"));
}

// oxlint-disable-next-line no-control-regex -- colours of terminals
const colours = /\u001b\[[\d;?]*[A-Za-z]/gu;
/** Progress bars write over their line again and again: the last writing counts. */
function lastWritten(text: string): string {
  return text
    .split("\n")
    .map((line) => {
      const shown = line.endsWith("\r") ? line.slice(0, -1) : line;
      return shown.slice(shown.lastIndexOf("\r") + 1);
    })
    .join("\n");
}

const longestStandIn = 500;
/** What is printed in place of a picture or a widget. */
const standIn = /^<(?:[\w.]+ (?:object )?at 0x[0-9a-f]+|Figure size .*|Axes: .*|.*_subplots\..*)>$/iu;

function outputText(output: Values): string {
  const printed = lastWritten(shownText(output).replace(colours, "")).trimEnd();
  const shown = printed.length < longestStandIn && standIn.test(printed.trim()) ? "" : printed;
  return shown.length > mostOutput ? `${shown.slice(0, mostOutput)}…` : shown;
}

function shownText(output: Values): string {
  if (output["output_type"] === "error" || output["output_type"] === "pyerr") {
    const trace = Array.isArray(output["traceback"])
      ? textOf(output["traceback"].map((line) => `${String(line)}\n`))
      : "";
    const said = `${textOf(output["ename"])}: ${textOf(output["evalue"])}`;
    return trace.length <= mostOutput && trace !== "" ? trace : said;
  }
  const data = isValues(output["data"]) ? output["data"] : {};
  return textOf(data["text/markdown"] ?? data["text/plain"] ?? output["text"]);
}
