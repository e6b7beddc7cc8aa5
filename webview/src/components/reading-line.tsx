import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { AttachedFile } from "../../../src/agents/protocol/session-state.ts";
import type { TableProfile } from "../../../src/agents/protocol/table-profile.ts";
import { useKeptOpen, usePage } from "../page-context.ts";
import { changeableIn, describeDialect } from "../text/describe-dialect.ts";
import { Icon } from "./controls.tsx";
import { ReadingForm } from "./reading-form.tsx";

/** What was guessed of how a file is written, in one quiet line that opens to change it. */
export function ReadingLine(props: { readonly file: AttachedFile; readonly profile: TableProfile }): VNode {
  const { file, profile } = props;
  const { strings, format } = usePage();
  const [open, setOpen] = useKeptOpen(`reading:${file.path}`, false);
  const noteAsked = useFollowedReading(file, setOpen);
  const reading = describeDialect(profile, strings, format);
  const isChosen = Object.keys(file.choice).some((key) => key !== "sheet");
  const words = isChosen ? `${reading} · ${strings.readingChosen}` : reading;
  if (!Object.values(changeableIn(profile.dialect)).includes(true)) {
    return <div class="reading-line quiet break">{words}</div>;
  }

  return (
    <>
      <button
        type="button"
        class="reading-line fold-line"
        aria-expanded={open}
        aria-label={strings.changeReading(file.name, words)}
        title={strings.changeHow}
        onClick={() => setOpen(!open)}
      >
        <Icon name={open ? "chevron-down" : "chevron-right"} />
        <span class="break">
          {strings.readAs} {words}
        </span>
      </button>
      {open ? <ReadingForm file={file} onAsk={noteAsked} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

/**
 * The form goes when a reading that was asked for in it has ended well, and comes when one has not.
 *
 * @returns To be called when one is asked for.
 */
function useFollowedReading(file: AttachedFile, setOpen: (open: boolean) => void): () => void {
  const { strings, format, announce } = usePage();
  const asked = useRef(false);
  const refusedBefore = useRef(file.refused);
  useEffect(() => {
    if (file.refused !== null && file.refused !== refusedBefore.current) {
      asked.current = false;
      setOpen(true);
    }
    refusedBefore.current = file.refused;
  }, [file.refused]);
  const profileBefore = useRef(file.profile);
  useEffect(() => {
    const isNew = file.profile !== profileBefore.current;
    profileBefore.current = file.profile;
    if (!isNew || !asked.current || file.profile === null) {
      return;
    }

    asked.current = false;
    setOpen(false);
    const { rowCount, columns } = file.profile;
    announce(
      strings.readAgain(
        strings.rows(format.number(rowCount), rowCount),
        strings.columns(format.number(columns.length), columns.length),
      ),
    );
  }, [file.profile]);
  return () => {
    asked.current = true;
  };
}
