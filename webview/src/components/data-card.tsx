import type { VNode } from "preact";
import type { TableProfile, TableWarning } from "../../../src/agents/protocol/table-profile.ts";
import type { AttachedFile } from "../../../src/agents/protocol/session-state.ts";
import { usePage } from "../page-context.ts";
import { describeDialect } from "../text/describe-dialect.ts";
import { warningText } from "../text/warning-text.ts";
import { ColumnsTable } from "./columns-table.tsx";
import { Button, Icon, IconButton, LinkButton } from "./controls.tsx";
import { Fold } from "./fold.tsx";
import { memo } from "./memo.ts";
import { SampleRows } from "./sample-rows.tsx";

/** What is known of a file before any model is asked: its facts, columns, first rows and warnings. */
export const DataCard = memo(function DataCard(props: { readonly file: AttachedFile }): VNode {
  const { file } = props;
  const { strings, request, store } = usePage();
  const locale = store.get().settings?.locale ?? "en";
  const profile = file.problem === null ? file.profile : null;
  return (
    <section
      class="card data-card"
      aria-label={strings.dataCard(file.name)}
      aria-busy={profile === null && file.problem === null}
    >
      <div class="card-top">
        <LinkButton title={strings.openFile(file.name)} onClick={() => void request("file-open", { path: file.path })}>
          {file.name}
        </LinkButton>
        {profile === null ? null : (
          <span class="quiet dialect" title={describeDialect(profile, strings)}>
            {describeDialect(profile, strings)}
          </span>
        )}
        <IconButton
          icon="close"
          label={strings.removeFile(file.name)}
          onClick={() => void request("file-detach", { path: file.path })}
        />
      </div>
      {file.problem === null ? null : <FileProblem file={file} />}
      {file.problem === null && profile === null ? <Skeleton name={file.name} /> : null}
      {profile === null ? null : <Profile profile={profile} locale={locale} />}
    </section>
  );
});

function Profile(props: { readonly profile: TableProfile; readonly locale: string }): VNode {
  const { profile } = props;
  const { strings, format } = usePage();
  const facts = strings.facts(
    format.number(profile.rowCount),
    format.number(profile.columns.length),
    format.bytes(profile.sizeBytes),
  );
  return (
    <>
      <div class="card-facts quiet">
        {facts} · {profile.complete ? strings.readIn(format.duration(profile.durationMs)) : strings.readSoFar}
      </div>
      <ColumnsTable profile={profile} />
      {profile.warnings.map((warning, index) => (
        <WarningLine key={`${warning.code}-${index}`} warning={warning} locale={props.locale} />
      ))}
      {profile.rows.length === 0 ? null : (
        <Fold foldKey={`sample:${profile.path}`} class="card-part" summary={strings.sampleRows}>
          {() => <SampleRows profile={profile} />}
        </Fold>
      )}
    </>
  );
}

function WarningLine(props: { readonly warning: TableWarning; readonly locale: string }): VNode {
  const { strings, format } = usePage();
  const { severity } = props.warning;
  return (
    <div class={`warn warn-${severity}`}>
      <Icon name={severity} />
      <span class="sr-only">{strings.severities[severity]}: </span>
      <span class="grow break">{warningText(props.warning, props.locale, format)}</span>
    </div>
  );
}

function FileProblem(props: { readonly file: AttachedFile }): VNode {
  const { strings, request } = usePage();
  const { path, problem } = props.file;
  return (
    <div class="card-problem" role="alert">
      <div class="line top">
        <Icon name="error" class="bad" />
        <span class="grow break">{problem?.message}</span>
      </div>
      <div class="actions">
        <Button icon="refresh" onClick={() => void request("file-reprofile", { path })}>
          {strings.tryAgain}
        </Button>
      </div>
    </div>
  );
}

function Skeleton(props: { readonly name: string }): VNode {
  const { strings } = usePage();
  return (
    <div class="skeleton" role="status">
      <span class="sr-only">{strings.readingFile(props.name)}</span>
      <div class="bone wide" />
      <div class="bone" />
      <div class="bone" />
      <div class="bone narrow" />
    </div>
  );
}
