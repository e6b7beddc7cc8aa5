import type { VNode } from "preact";
import { usePage } from "../page-context.ts";
import type { Completion } from "../text/composer-command.ts";

/** The commands and agents that a question may start with; the keyboard stays in the text. */
export function CompletionPopup(props: {
  readonly completions: readonly Completion[];
  readonly at: number;
  readonly onPick: (completion: Completion) => void;
}): VNode {
  const { strings } = usePage();
  const describe: Record<Completion["describes"], string> = {
    plot: strings.commandPlot,
    ask: strings.commandAsk,
    assistant_agent: strings.agentAssistant,
    visualization_agent: strings.agentVisualization,
  };
  return (
    <div id="completions" class="completions" role="listbox" aria-label={strings.completions}>
      {props.completions.map((completion, index) => (
        <div
          key={completion.insert}
          id={`completion-${index}`}
          role="option"
          aria-selected={index === props.at}
          class="completion"
          onMouseDown={(event) => {
            event.preventDefault();
            props.onPick(completion);
          }}
        >
          <b>{completion.insert}</b> <span class="quiet">{describe[completion.describes]}</span>
        </div>
      ))}
    </div>
  );
}
