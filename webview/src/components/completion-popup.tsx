import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { FoundFile } from "../../../src/agents/protocol/page.ts";
import { usePage } from "../page-context.ts";
import type { Completion } from "../text/composer-command.ts";

/** The commands and agents that a question may start with, and the files it may name; the keyboard stays in the text. */
export function CompletionPopup(props: {
  readonly completions: readonly Completion[];
  readonly at: number;
  readonly onPick: (completion: Completion) => void;
}): VNode {
  const { strings } = usePage();
  const words: Record<Exclude<Completion["describes"], FoundFile>, string> = {
    plot: strings.commandPlot,
    ask: strings.commandAsk,
    assistant_agent: strings.agentAssistant,
    visualization_agent: strings.agentVisualization,
  };
  const describe = ({ describes }: Completion): string =>
    typeof describes === "string" ? words[describes] : describes.folder || strings.fileAtTop;
  const shown = useRef<HTMLDivElement>(null);
  useEffect(() => shown.current?.scrollIntoView({ block: "nearest" }), [props.at]);
  return (
    <div id="completions" class="completions" role="listbox" aria-label={strings.completions}>
      {props.completions.map((completion, index) => (
        <div
          key={typeof completion.describes === "string" ? completion.insert : completion.describes.path}
          ref={index === props.at ? shown : null}
          id={`completion-${index}`}
          role="option"
          aria-selected={index === props.at}
          class="completion"
          onMouseDown={(event) => {
            event.preventDefault();
            props.onPick(completion);
          }}
        >
          <b class="cut">{completion.insert}</b> <span class="quiet cut">{describe(completion)}</span>
        </div>
      ))}
    </div>
  );
}
