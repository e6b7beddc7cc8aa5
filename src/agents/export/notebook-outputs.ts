import type { CellOutput } from "../protocol/cell-output.ts";
import type { ExportStrings } from "./export-strings.ts";
import { withoutControls } from "./markdown-text.ts";
import { htmlTable, plainTable, shownTable } from "./table-text.ts";

/** Pictures and whole outputs of a session, by the names that its outputs have for them. */
export type ExportAssets = ReadonlyMap<string, Uint8Array>;

/** Most bytes of a whole output that a document takes up. */
export const wholeLimitBytes = 1_000_000;

type MimeBundle = { readonly [mime: string]: string };

/** An output as notebooks store it (nbformat 4.5, `nbformat.v4.schema.json`). */
export type NotebookOutput =
  | { readonly output_type: "stream"; readonly name: "stdout" | "stderr"; readonly text: readonly string[] }
  | { readonly output_type: "display_data"; readonly data: MimeBundle; readonly metadata: object }
  | {
      readonly output_type: "execute_result";
      readonly data: MimeBundle;
      readonly metadata: object;
      readonly execution_count: number;
    };

export interface OutputContext {
  readonly assets: ExportAssets;
  readonly strings: ExportStrings;
  readonly executionCount: number;
  /** The last value is what the cell's last expression gave. */
  readonly endsWithExpression: boolean;
}

/** The outputs of a cell, from the run log. */
export function notebookOutputs(outputs: readonly CellOutput[], context: OutputContext): readonly NotebookOutput[] {
  const whole = wholeText(outputs, context.assets);
  const shown = whole === undefined ? outputs : [whole, ...outputs.filter(({ type }) => type !== "text")];
  const last = shown.findLastIndex(({ type }) => type === "value" || type === "table");
  return joinedStreams(
    shown.flatMap((output, index) => notebookOutput(output, context, index === last && context.endsWithExpression)),
  );
}

/** A kernel's client joins neighbouring pieces of one stream, too. */
function joinedStreams(outputs: readonly NotebookOutput[]): readonly NotebookOutput[] {
  const joined: NotebookOutput[] = [];
  for (const output of outputs) {
    const last = joined.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) {
      joined[joined.length - 1] = { ...last, text: sourceLines([...last.text, ...output.text].join("")) };
    } else {
      joined.push(output);
    }
  }

  return joined;
}

/** All that a cell printed, where the run log has only a part of it and the whole is not too much for a document. */
function wholeText(outputs: readonly CellOutput[], assets: ExportAssets): CellOutput | undefined {
  const cut = outputs.findLast((output) => output.type === "truncation");
  const bytes = cut === undefined ? undefined : assets.get(cut.file);
  return bytes === undefined ? undefined : { type: "text", stream: "stdout", text: new TextDecoder().decode(bytes) };
}

function notebookOutput(output: CellOutput, context: OutputContext, isResult: boolean): readonly NotebookOutput[] {
  switch (output.type) {
    case "text":
      return [{ output_type: "stream", name: output.stream, text: sourceLines(output.text) }];
    case "value":
      return [displayed({ "text/plain": output.text }, context, isResult)];
    case "table": {
      const table = shownTable(output, context.strings);
      return [displayed({ "text/html": htmlTable(table), "text/plain": plainTable(table) }, context, isResult)];
    }
    case "image":
      return [displayed(picture(output, context), context, false)];
    case "error":
      // The code of such a cell catches its error and prints it.
      return [{ output_type: "stream", name: "stdout", text: sourceLines(`${output.name}: ${output.message}\n`) }];
    case "files":
      // The notebook's code writes them anew, where it runs.
      return [];
    case "truncation":
      return context.assets.has(output.file)
        ? []
        : [{ output_type: "stream", name: "stderr", text: [context.strings.cutOutput(String(output.totalBytes))] }];
  }
}

function displayed(data: MimeBundle, { executionCount }: OutputContext, isResult: boolean): NotebookOutput {
  return isResult
    ? { output_type: "execute_result", data, metadata: {}, execution_count: executionCount }
    : { output_type: "display_data", data, metadata: {} };
}

function picture(image: Extract<CellOutput, { type: "image" }>, { assets, strings }: OutputContext): MimeBundle {
  const bytes = assets.get(image.file);
  const alt = withoutControls(image.alt === "" ? strings.picture : image.alt);
  if (bytes === undefined) {
    return { "text/plain": strings.pictureGone(alt) };
  }

  const isText = image.mime === "image/svg+xml";
  const data = isText ? new TextDecoder().decode(bytes) : Buffer.from(bytes).toString("base64");
  return { [image.mime]: data, "text/plain": alt };
}

/** Text as notebooks store it: lines that keep their ends. */
export function sourceLines(text: string): readonly string[] {
  return text === "" ? [] : (text.match(/[^\n]*\n|[^\n]+$/g) ?? []);
}
