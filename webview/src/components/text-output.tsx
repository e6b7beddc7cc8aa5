import type { VNode } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { useKeptOpen, usePage } from "../page-context.ts";
import { plainOutput } from "../text/ansi.ts";
import { IconButton, LinkButton } from "./controls.tsx";
import { CopyButton } from "./copy-button.tsx";

/** What is drawn of a text while it runs, and of one that was opened: its end. Characters. */
const drawnClosed = 20_000;
const drawnOpen = 400_000;
const linesClosed = 14;

/** Printed text or a value, in a box of bounded height that follows its end while the cell runs. */
export function TextOutput(props: {
  readonly text: string;
  readonly tone: "stdout" | "stderr" | "value";
  readonly outputKey: string;
  readonly following: boolean;
  /** More was printed than is in `text`, which is said elsewhere: a count of its lines would not be the whole. */
  readonly cut: boolean;
}): VNode {
  const { strings, format } = usePage();
  const [all, setAll] = useKeptOpen(`all:${props.outputKey}`, false);
  const [wrap, setWrap] = useKeptOpen(`wrap:${props.outputKey}`, false);
  const box = useRef<HTMLPreElement>(null);
  const limit = all ? drawnOpen : drawnClosed;
  const tail = props.text.length > limit ? props.text.slice(-limit) : props.text;
  const shown = useMemo(() => plainOutput(tail).replace(/\n$/u, ""), [tail]);
  const hidden = useMemo(
    () => (props.text.length > limit ? countLines(props.text) - countLines(tail) : 0),
    [props.text.length > limit, props.following ? "" : props.text],
  );
  const tall = props.text.length > limit || countLines(shown) > linesClosed;
  useLayoutEffect(() => {
    if (props.following && box.current !== null) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [shown, props.following]);
  return (
    <div class={`output text-output ${props.tone}`}>
      {hidden > 0 && !props.following && !props.cut ? (
        <div class="quiet hidden-lines">{strings.linesHidden(format.number(hidden), hidden)}</div>
      ) : null}
      <pre
        ref={box}
        class={`${all ? "all" : "capped"} ${wrap ? "wrap" : ""}`}
        tabIndex={0}
        role="region"
        aria-label={strings.output}
      >
        {shown}
      </pre>
      <div class="output-tools">
        <IconButton
          icon="word-wrap"
          label={wrap ? strings.noWrap : strings.wrap}
          pressed={wrap}
          onClick={() => setWrap(!wrap)}
        />
        <CopyButton text={() => plainOutput(props.text)} label={strings.copy} />
      </div>
      {tall ? (
        <div class="quiet">
          <LinkButton onClick={() => setAll(!all)}>{all ? strings.showLess : strings.showAll}</LinkButton>
        </div>
      ) : null}
    </div>
  );
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
    lines += 1;
  }

  return lines;
}
