import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { AttachedFile } from "../../../src/agents/protocol/session-state.ts";
import type { TableProfile } from "../../../src/agents/protocol/table-profile.ts";
import { usePage } from "../page-context.ts";
import { Button, Icon, LinkButton } from "./controls.tsx";

/** Most files are read before a bar could be looked at. */
const shownAfterMs = 400;

/** How far the reading of a file has come, and the way to end it. */
export function ReadingProgress(props: {
  readonly file: AttachedFile;
  readonly reading: NonNullable<AttachedFile["reading"]>;
}): VNode | null {
  const { file, reading } = props;
  const { strings, format, request } = usePage();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), shownAfterMs);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) {
    return null;
  }

  const share = shareOf(reading.readBytes, reading.profile);
  return (
    <div class="reading-progress">
      <div
        class={share === null ? "meter unknown" : "meter"}
        role="progressbar"
        aria-label={strings.readingFile(file.name)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      >
        <span class="meter-bar" style={share === null ? undefined : { width: `${share * 100}%` }} />
      </div>
      <div class="line">
        <span class="quiet grow">
          {share === null || reading.profile === null
            ? strings.readingFile(file.name)
            : strings.readShare(format.percent(share), format.number(reading.profile.rowCount))}
        </span>
        <Button title={strings.cancelReading(file.name)} onClick={() => void request("file-stop", { path: file.path })}>
          {strings.cancel}
        </Button>
      </div>
    </div>
  );
}

/** Said while only a part of a file has been read, because somebody stopped it. */
export function PartlyRead(props: { readonly profile: TableProfile }): VNode {
  const { strings, format, request } = usePage();
  const { profile } = props;
  const share = profile.readBytes === undefined ? null : shareOf(profile.readBytes, profile);
  const rows = format.number(profile.rowCount);
  return (
    <div class="warn warn-warning partly-read">
      <Icon name="warning" />
      <span class="grow break">
        {share === null ? strings.onlyPart(rows) : strings.onlyRead(format.percent(share), rows)}{" "}
        <LinkButton onClick={() => void request("file-reprofile", { path: profile.path })}>
          {strings.readRest}
        </LinkButton>
      </span>
    </div>
  );
}

/** From 0 to 1; `null` where it cannot be told. */
function shareOf(readBytes: number, profile: TableProfile | null): number | null {
  return profile === null || profile.sizeBytes === 0 ? null : Math.min(1, readBytes / profile.sizeBytes);
}
