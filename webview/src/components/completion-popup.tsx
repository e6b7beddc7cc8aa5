import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { FoundFile, NamedAgent } from "../../../src/agents/protocol/page.ts";
import { usePage } from "../page-context.ts";
import { type Completion, isFoundFile } from "../text/composer-command.ts";
import { Icon } from "./controls.tsx";

/** The commands and agents that a question may start with, and the files it may name; the keyboard stays in the text. */
export function CompletionPopup(props: {
  readonly completions: readonly Completion[];
  readonly at: number;
  readonly onPick: (completion: Completion) => void;
}): VNode {
  const { strings } = usePage();
  const words: Record<Exclude<Completion["describes"], FoundFile | NamedAgent>, string> = {
    plot: strings.commandPlot,
    ask: strings.commandAsk,
    files: strings.commandFiles,
    assistant_agent: strings.agentAssistant,
    visualization_agent: strings.agentVisualization,
    retrieval_agent: strings.agentRetrieval,
  };
  const describe = ({ describes }: Completion): string =>
    typeof describes === "string"
      ? words[describes]
      : !isFoundFile(describes)
        ? describes.description
        : describes.kind === "workspace"
          ? describes.name
          : describes.folder || strings.fileAtTop;
  const shown = useRef<HTMLDivElement>(null);
  useEffect(() => shown.current?.scrollIntoView({ block: "nearest" }), [props.at]);
  return (
    <div id="completions" class="completions" role="listbox" aria-label={strings.completions}>
      {props.completions.map((completion, index) => (
        <div
          key={isFoundFile(completion.describes) ? completion.describes.path : completion.insert}
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
          <KindOf completion={completion} />
          <b class="cut">{completion.label}</b> <span class="quiet cut">{describe(completion)}</span>
        </div>
      ))}
    </div>
  );
}

const icons: Record<FoundFile["kind"], string> = {
  table: "table",
  document: "file",
  folder: "folder",
  workspace: "root-folder",
};

function KindOf(props: { readonly completion: Completion }): VNode {
  const { strings } = usePage();
  const { describes } = props.completion;
  if (typeof describes === "string") {
    return <Icon name={describes.endsWith("_agent") ? "mention" : "terminal"} class="completion-icon" />;
  }

  if (!isFoundFile(describes)) {
    return <Icon name={describes.isGroup ? "organization" : "agent"} class="completion-icon" />;
  }

  return (
    <>
      <Icon name={icons[describes.kind]} class="completion-icon" />
      <span class="sr-only">{strings.fileKinds[describes.kind]}: </span>
    </>
  );
}
