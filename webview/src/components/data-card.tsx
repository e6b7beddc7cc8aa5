import type { VNode } from "preact";
import type { Problem } from "../../../src/agents/protocol/problem.ts";
import { fileWarnings } from "../../../src/agents/protocol/reading-check.ts";
import type { TableProfile, TableWarning } from "../../../src/agents/protocol/table-profile.ts";
import type { AttachedFile } from "../../../src/agents/protocol/session-state.ts";
import { useKeptOpen, usePage } from "../page-context.ts";
import { problemText } from "../../../src/agents/protocol/words/problem-text.ts";
import { warningText } from "../../../src/agents/protocol/words/warning-text.ts";
import { ColumnsTable } from "./columns-table.tsx";
import { Button, Icon, IconButton, LinkButton } from "./controls.tsx";
import { Fold } from "./fold.tsx";
import { memo } from "./memo.ts";
import { PartPicker } from "./part-picker.tsx";
import { ReadingForm } from "./reading-form.tsx";
import { ReadingLine } from "./reading-line.tsx";
import { PartlyRead, ReadingProgress } from "./reading-progress.tsx";
import { SampleRows } from "./sample-rows.tsx";

/** What is known of a file before any model is asked: its facts, columns, first rows and warnings. */
export const DataCard = memo(function DataCard(props: { readonly file: AttachedFile }): VNode {
  const { file } = props;
  const { strings, request, store } = usePage();
  const locale = store.get().settings?.locale ?? "en";
  // What a reading that goes on has found comes before what the last one found.
  const profile = file.reading?.profile ?? (file.problem === null ? file.profile : null);
  const problem = file.reading === null ? file.problem : null;
  return (
    <section
      class="card data-card"
      aria-label={strings.dataCard(file.name)}
      aria-busy={file.reading !== null || (profile === null && problem === null)}
    >
      <div class="card-top">
        <LinkButton title={strings.openFile(file.name)} onClick={() => void request("file-open", { path: file.path })}>
          {file.name}
        </LinkButton>
        <IconButton
          icon="close"
          label={strings.removeFile(file.name)}
          onClick={() => void request("file-detach", { path: file.path })}
        />
      </div>
      {problem === null ? null : <FileProblem file={file} problem={problem} />}
      {problem === null && profile === null ? <Skeleton name={file.name} /> : null}
      {profile === null ? (
        <Progress file={file} />
      ) : (
        <>
          <Facts file={file} profile={profile} />
          <ReadingLine file={file} profile={profile} />
          <Progress file={file} />
          <Profile file={file} profile={profile} locale={locale} />
        </>
      )}
    </section>
  );
});

function Progress(props: { readonly file: AttachedFile }): VNode | null {
  const { file } = props;
  return file.reading === null ? null : <ReadingProgress file={file} reading={file.reading} />;
}

/** What is known of a file, and the profile that is shown of it. */
interface ShownProfile {
  readonly file: AttachedFile;
  readonly profile: TableProfile;
}

function Facts(props: ShownProfile): VNode {
  const { file, profile } = props;
  const { strings, format } = usePage();
  const facts = strings.facts(
    strings.rows(format.number(profile.rowCount), profile.rowCount),
    strings.columns(format.number(profile.columns.length), profile.columns.length),
    format.bytes(profile.sizeBytes),
  );
  const when =
    file.reading !== null
      ? strings.readSoFar
      : profile.complete
        ? strings.readIn(format.duration(profile.durationMs))
        : null;
  return (
    <div class="card-facts quiet">
      {[facts, when, isReadAlike(file) ? strings.readAlike : null].filter((fact) => fact !== null).join(" · ")}
    </div>
  );
}

/** Whether Python was found to read what the card shows. */
function isReadAlike({ reading, check }: AttachedFile): boolean {
  return reading === null && check?.warnings.length === 0;
}

function Profile(props: ShownProfile & { readonly locale: string }): VNode {
  const { file, profile } = props;
  const { strings } = usePage();
  const isReading = file.reading !== null;
  return (
    <>
      <PartPicker profile={profile} />
      {profile.complete || isReading ? null : <PartlyRead profile={profile} />}
      <ColumnsTable profile={profile} />
      {fileWarnings(profile, isReading ? null : file.check).map((warning, index) => (
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

function FileProblem(props: { readonly file: AttachedFile; readonly problem: Problem }): VNode {
  const { strings, request, store } = usePage();
  const locale = store.get().settings?.locale ?? "en";
  const { file, problem } = props;
  const { path } = file;
  const [changing, setChanging] = useKeptOpen(`misread:${path}`, false);
  const wasChosen = Object.keys(file.choice).length > 0;
  return (
    <div class="card-problem">
      <div class="line top" role="alert">
        <Icon name="error" class="bad" />
        <span class="grow break">{problemText(problem, locale)}</span>
      </div>
      <div class="actions">
        <Button icon="refresh" onClick={() => void request("file-reprofile", { path })}>
          {strings.tryAgain}
        </Button>
        {wasChosen ? (
          <Button onClick={() => void request("file-reprofile", { path, dialect: {} })}>{strings.detectAgain}</Button>
        ) : null}
        {mayBeMisread.has(problem.code) && !changing ? (
          <Button onClick={() => setChanging(true)}>{strings.changeHow}</Button>
        ) : null}
      </div>
      {changing ? <ReadingForm file={file} onClose={() => setChanging(false)} /> : null}
    </div>
  );
}

/** Another encoding or delimiter may make a table of these. */
const mayBeMisread: ReadonlySet<string> = new Set(["table.not-a-table", "table.damaged", "table.empty"]);

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
