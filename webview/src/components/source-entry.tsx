import type { VNode } from "preact";
import type { Problem } from "../../../src/agents/protocol/problem.ts";
import type { SessionSource } from "../../../src/agents/protocol/session-state.ts";
import type { SourceState } from "../../../src/agents/protocol/source.ts";
import { leftOutText } from "../../../src/agents/protocol/words/left-out-text.ts";
import { usePage } from "../page-context.ts";
import { type ReadSource, sourceFacts, sourceIcon, sourceName, sourceProblem } from "../text/source-words.ts";
import { Button, Icon, IconButton, LinkButton } from "./controls.tsx";
import { Fold } from "./fold.tsx";

/** One thing that is asked about, with how far its index is. */
export function SourceEntry(props: { readonly source: SessionSource }): VNode {
  const { source } = props;
  const { strings, format, request } = usePage();
  const { state, kind, path } = source;
  const name = sourceName(source, strings);
  const opens = kind === "file" || kind === "lines";
  const facts = sourceFacts(state, strings, format);
  return (
    <li class="source-entry">
      <div class="source-top">
        <Icon name={sourceIcon(kind)} />
        <span class="sr-only">{strings.sourceKinds[kind]}: </span>
        {opens ? (
          <LinkButton title={path} onClick={() => void request("file-open", { path, lines: source.lines })}>
            <span class="cut">{name}</span>
          </LinkButton>
        ) : (
          <span class="cut source-name" title={path}>
            {name}
          </span>
        )}
        <span class="grow" />
        {facts === "" ? null : <span class={opens ? "quiet nowrap" : "quiet nowrap folder-facts"}>{facts}</span>}
        <IconButton
          icon="close"
          label={strings.removeFile(name)}
          onClick={() => void request("source-remove", { sourceId: source.id })}
        />
      </div>
      <EntryState source={source} state={state} name={name} />
    </li>
  );
}

function EntryState(props: {
  readonly source: SessionSource;
  readonly state: SourceState | null;
  readonly name: string;
}): VNode | null {
  const { source, state, name } = props;
  if (state === null) {
    return <Indexing source={source} name={name} state={{ status: "indexing", doneFiles: 0, ofFiles: null }} />;
  }

  switch (state.status) {
    case "indexing":
      return <Indexing source={source} name={name} state={state} />;
    case "failed":
      return <Failed source={source} problem={state.problem} />;
    default:
      return <Read source={source} state={state} />;
  }
}

function Indexing(props: {
  readonly source: SessionSource;
  readonly name: string;
  readonly state: Extract<SourceState, { status: "indexing" }>;
}): VNode {
  const { name, state, source } = props;
  const { strings, format, request } = usePage();
  const { doneFiles, ofFiles } = state;
  const share = ofFiles === null || ofFiles === 0 ? null : Math.min(1, doneFiles / ofFiles);
  const words =
    ofFiles === null || ofFiles === 0
      ? doneFiles === 0
        ? strings.indexingSource(name)
        : strings.indexingSome(format.number(doneFiles), doneFiles)
      : strings.indexingShare(format.number(doneFiles), format.number(ofFiles));
  return (
    <div class="source-indexing">
      <div
        class={share === null ? "meter unknown" : "meter"}
        role="progressbar"
        aria-label={strings.indexingSource(name)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      >
        <span class="meter-bar" style={share === null ? undefined : { width: `${share * 100}%` }} />
      </div>
      <div class="line">
        <span class="quiet grow break">
          {words} · {strings.mayBeAsked}
        </span>
        <Button title={strings.stopSource(name)} onClick={() => void request("source-stop", { sourceId: source.id })}>
          {strings.cancel}
        </Button>
      </div>
    </div>
  );
}

function Failed(props: { readonly source: SessionSource; readonly problem: Problem }): VNode {
  const { strings, request } = usePage();
  const { id } = props.source;
  return (
    <div class="source-note">
      <div class="line top" role="alert">
        <Icon name="error" class="bad" />
        <span class="grow break">{sourceProblem(props.problem, strings)}</span>
      </div>
      <div class="actions">
        <Button icon="refresh" onClick={() => void request("source-retry", { sourceId: id })}>
          {strings.tryAgain}
        </Button>
        <Button onClick={() => void request("source-remove", { sourceId: id })}>{strings.removeSource}</Button>
      </div>
    </div>
  );
}

function Read(props: { readonly source: SessionSource; readonly state: ReadSource }): VNode {
  const { source, state } = props;
  const { strings, request } = usePage();
  const single = source.kind === "file" || source.kind === "lines";
  const retry = (): void => void request("source-retry", { sourceId: source.id });
  return (
    <>
      {state.status === "stopped" ? (
        <Note text={strings.sourceStopped} action={strings.readSourceRest} onAction={retry} />
      ) : null}
      {state.tooManyFiles ? <Note text={strings.sourceTooMany} /> : null}
      {single ? (
        <FileGaps state={state} onRetry={retry} />
      ) : (
        <FolderGaps source={source} state={state} onRetry={retry} />
      )}
    </>
  );
}

/** What is missing of a single file. */
function FileGaps(props: { readonly state: ReadSource; readonly onRetry: () => void }): VNode | null {
  const { passages, status, leftOut } = props.state;
  const { strings } = usePage();
  const [only] = leftOut;
  const reason = only === undefined ? "" : leftOutText(only.reason, strings.locale);
  if (passages > 0) {
    return reason === "" ? null : <Note text={strings.sourcePartly(reason)} />;
  }

  return status === "stopped" ? null : (
    <Note
      text={reason === "" ? strings.sourceNothing : strings.sourceUnread(reason)}
      action={strings.tryAgain}
      onAction={props.onRetry}
    />
  );
}

/** What is missing of a folder: a list behind a line. */
function FolderGaps(props: {
  readonly source: SessionSource;
  readonly state: ReadSource;
  readonly onRetry: () => void;
}): VNode {
  const { passages, status, leftOutFiles } = props.state;
  const { strings, format } = usePage();
  return (
    <>
      {passages === 0 && status === "ready" ? (
        <Note text={strings.sourceNothing} action={strings.tryAgain} onAction={props.onRetry} />
      ) : null}
      {leftOutFiles === 0 ? null : (
        <Fold
          foldKey={`left-out:${props.source.id}`}
          class="left-out"
          summary={strings.sourceLeftOut(format.number(leftOutFiles), leftOutFiles)}
        >
          {() => <LeftOut state={props.state} />}
        </Fold>
      )}
    </>
  );
}

function LeftOut(props: { readonly state: ReadSource }): VNode {
  const { strings, format } = usePage();
  const { leftOut, leftOutFiles } = props.state;
  const more = leftOutFiles - leftOut.length;
  return (
    <ul class="left-out-list">
      {leftOut.map(({ path, reason }, index) => (
        <li key={index} class="break">
          {path}: <span class="quiet">{leftOutText(reason, strings.locale)}</span>
        </li>
      ))}
      {more > 0 ? <li class="quiet">{strings.leftOutMore(format.number(more))}</li> : null}
    </ul>
  );
}

function Note(props: { readonly text: string; readonly action?: string; readonly onAction?: () => void }): VNode {
  return (
    <div class="source-note line top">
      <Icon name="warning" class="warning" />
      <span class="grow break">
        {props.text}{" "}
        {props.action === undefined || props.onAction === undefined ? null : (
          <LinkButton onClick={props.onAction}>{props.action}</LinkButton>
        )}
      </span>
    </div>
  );
}
