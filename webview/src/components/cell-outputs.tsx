import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { CellOutput, FilesOutput } from "../../../src/agents/protocol/cell-output.ts";
import type { CellBlock } from "../../../src/agents/protocol/session-state.ts";
import { filesText } from "../../../src/agents/protocol/words/files-text.ts";
import { usePage } from "../page-context.ts";
import { plainOutput } from "../text/ansi.ts";
import { Icon, LinkButton } from "./controls.tsx";
import { CopyButton } from "./copy-button.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { Fold } from "./fold.tsx";
import { ImageOutput } from "./image-output.tsx";
import { memo } from "./memo.ts";
import { TableView } from "./table-view.tsx";
import { TextOutput } from "./text-output.tsx";

/** Everything a cell showed, in order; one that cannot be drawn does not hide the others. */
export function CellOutputs(props: { readonly block: CellBlock }): VNode | null {
  const { strings } = usePage();
  const { block } = props;
  const outputs = useMemo(() => shownOutputs(block), [block.outputs, block.review]);
  const cut = block.outputs.some(({ type }) => type === "truncation");
  if (outputs.length === 0) {
    return null;
  }

  return (
    <div class="outputs" role="group" aria-label={strings.output}>
      {outputs.map((output, index) => (
        <ErrorBoundary key={index} scope="block">
          <Output
            output={output}
            outputKey={`${block.id}:${index}`}
            running={block.phase === "running"}
            cut={cut}
            cellId={block.id}
            at={block.outputs.indexOf(output)}
          />
        </ErrorBoundary>
      ))}
    </div>
  );
}

/** Without the reviewer's refusal, which stands above with the code. */
function shownOutputs({ outputs, review }: CellBlock): readonly CellOutput[] {
  const refusal = review?.verdict === "rejected" ? `${review.reviewer}: ${review.comment}`.trim() : null;
  return outputs.filter((output) => output.type !== "text" || output.text.trim() !== refusal);
}

interface OutputProps {
  readonly output: CellOutput;
  /** The cell printed more than travels; what follows says how much. */
  readonly cut: boolean;
  readonly outputKey: string;
  readonly running: boolean;
  readonly cellId: string;
  /** Place among the outputs of the cell, from 0. */
  readonly at: number;
}

const Output = memo(function Output(props: OutputProps): VNode {
  const { output, outputKey } = props;
  switch (output.type) {
    case "text":
      return (
        <TextOutput
          text={output.text}
          tone={output.stream}
          outputKey={outputKey}
          following={props.running}
          cut={props.cut}
        />
      );
    case "value":
      return <TextOutput text={output.text} tone="value" outputKey={outputKey} following={false} cut={false} />;
    case "table":
      return <TableView table={output} cellId={props.cellId} output={props.at} />;
    case "image":
      return <ImageOutput image={output} />;
    case "error":
      return <ErrorOutput error={output} outputKey={outputKey} />;
    case "truncation":
      return <Truncation file={output.file} totalBytes={output.totalBytes} />;
    case "files":
      return <WrittenFiles files={output} />;
  }
});

function ErrorOutput(props: {
  readonly error: Extract<CellOutput, { type: "error" }>;
  readonly outputKey: string;
}): VNode {
  const { strings } = usePage();
  const { error } = props;
  const traceback = plainOutput(error.traceback);
  return (
    <div class="output error-output">
      <div class="line top">
        <Icon name="error" class="bad" />
        <span class="grow break">
          <b>{error.name}</b>
          {error.message === "" ? "" : `: ${error.message.slice(0, 4000)}`}
        </span>
        <CopyButton text={() => traceback} label={strings.copy} />
      </div>
      {traceback === "" ? null : (
        <Fold foldKey={`traceback:${props.outputKey}`} summary={strings.traceback}>
          {() => (
            <pre class="traceback" tabIndex={0}>
              {traceback}
            </pre>
          )}
        </Fold>
      )}
    </div>
  );
}

/** What the cell wrote on a cluster: what of it is here, and what is not. */
function WrittenFiles(props: { readonly files: FilesOutput }): VNode {
  const { store } = usePage();
  const text = filesText(props.files, store.get().settings?.locale ?? "en");
  return (
    <ul class="output quiet written-files">
      {text.split("\n").map((line, index) => (
        <li key={index} class="break">
          {line}
        </li>
      ))}
    </ul>
  );
}

function Truncation(props: { readonly file: string; readonly totalBytes: number }): VNode {
  const { strings, format, request } = usePage();
  return (
    <div class="output quiet truncation">
      {strings.truncated(format.bytes(props.totalBytes))}{" "}
      <LinkButton onClick={() => void request("output-open", { file: props.file })}>{strings.openWhole}</LinkButton>
    </div>
  );
}
