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
  useFollowedReading(file, setOpen);
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
      {open ? <ReadingForm file={file} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

/** The form goes when a reading by it has ended well, and comes when one has not. */
function useFollowedReading(file: AttachedFile, setOpen: (open: boolean) => void): void {
  const { strings, format, announce } = usePage();
  const before = useRef({ choice: file.choice, refused: file.refused });
  useEffect(() => {
    const last = before.current;
    before.current = { choice: file.choice, refused: file.refused };
    if (file.refused !== null && file.refused !== last.refused) {
      setOpen(true);
    } else if (file.choice !== last.choice && file.profile !== null && file.problem === null) {
      setOpen(false);
      const { rowCount, columns } = file.profile;
      announce(
        strings.readAgain(
          strings.rows(format.number(rowCount), rowCount),
          strings.columns(format.number(columns.length), columns.length),
        ),
      );
    }
  }, [file.choice, file.refused]);
}
