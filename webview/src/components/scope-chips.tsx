import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { AttachedFile, SessionSource } from "../../../src/agents/protocol/session-state.ts";
import { problemText } from "../../../src/agents/protocol/words/problem-text.ts";
import { usePage, useSelected } from "../page-context.ts";
import { sourceIcon, sourceName, stateLines, warnsOf } from "../text/source-words.ts";
import { AddScope } from "./add-scope.tsx";
import { Icon, IconButton } from "./controls.tsx";

/** More chips than this are folded behind a number. */
const mostShown = 5;

/** What the session is about: its tables and what is asked about, each to be removed, and the way to add more. */
export function ScopeChips(): VNode {
  const { strings, format } = usePage();
  const files = useSelected((state) => state.session.files);
  const sources = useSelected((state) => state.session.sources);
  const [all, setAll] = useState(false);
  const chips = [
    ...files.map((file) => <FileChip key={`file:${file.path}`} file={file} />),
    ...sources.map((source) => <SourceChip key={`source:${source.id}`} source={source} />),
  ];
  // One that is hidden would take no less room than the number that stands for it.
  const folds = chips.length > mostShown + 1;
  const shown = folds && !all ? chips.slice(0, mostShown) : chips;
  const hidden = format.number(chips.length - mostShown);
  return (
    <div
      class={chips.length > 2 ? "chips scope-chips several" : "chips scope-chips"}
      role="group"
      aria-label={strings.scope}
    >
      {shown}
      {folds ? (
        <button
          type="button"
          class="chip"
          aria-expanded={all}
          aria-label={all ? strings.fewerChips : strings.moreChipsLabel(hidden)}
          title={all ? strings.fewerChips : strings.moreChipsLabel(hidden)}
          onClick={() => setAll(!all)}
        >
          {all ? <Icon name="chevron-up" /> : strings.moreChips(hidden)}
        </button>
      ) : null}
      <AddScope />
    </div>
  );
}

function FileChip(props: { readonly file: AttachedFile }): VNode {
  const { strings, request, store } = usePage();
  const { file } = props;
  const problem = file.problem === null ? null : problemText(file.problem, store.get().settings?.locale ?? "en");
  return (
    <span class="chip scope-chip" title={[file.path, problem].filter((line) => line !== null).join("\n")}>
      <Icon
        name={file.problem === null ? "table" : "warning"}
        class={file.problem === null ? "chip-icon" : "chip-icon warning"}
      />
      {problem === null ? null : <span class="sr-only">{problem} </span>}
      <span class="cut">{file.name}</span>
      <IconButton
        icon="close"
        label={strings.removeFile(file.name)}
        onClick={() => void request("file-detach", { path: file.path })}
      />
    </span>
  );
}

function SourceChip(props: { readonly source: SessionSource }): VNode {
  const { strings, format, request } = usePage();
  const { source } = props;
  const { state, kind, id } = source;
  const name = sourceName(source, strings);
  const lines = stateLines(state, strings, format);
  const busy = state === null || state.status === "indexing";
  const warns = warnsOf(state);
  return (
    <span class={busy ? "chip scope-chip busy" : "chip scope-chip"} title={[source.path, ...lines].join("\n")}>
      <Icon
        name={busy ? "loading" : warns ? "warning" : sourceIcon(kind)}
        class={warns ? "chip-icon warning" : "chip-icon"}
        spin={busy}
      />
      <span class="sr-only">{[strings.sourceKinds[kind], ...(warns ? lines : [])].join(". ")}: </span>
      <span class="cut">{name}</span>
      {state?.status === "indexing" && state.ofFiles !== null && state.ofFiles > 1 ? (
        <span class="quiet nowrap chip-share">
          {format.number(state.doneFiles)}/{format.number(state.ofFiles)}
        </span>
      ) : null}
      {state?.status === "indexing" ? (
        <IconButton
          icon="debug-stop"
          label={strings.stopSource(name)}
          onClick={() => void request("source-stop", { sourceId: id })}
        />
      ) : null}
      <IconButton
        icon="close"
        label={strings.removeFile(name)}
        onClick={() => void request("source-remove", { sourceId: id })}
      />
    </span>
  );
}
