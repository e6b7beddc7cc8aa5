import type { VNode } from "preact";
import { usePage, useSelected } from "../page-context.ts";
import { Icon, IconButton } from "./controls.tsx";

/** The files of the session, and the way to add one. */
export function FileChips(): VNode {
  const { strings, request } = usePage();
  const files = useSelected((state) => state.session.files);
  return (
    <div class="chips file-chips">
      {files.map((file) => (
        <span
          key={file.path}
          class="chip file-chip"
          title={[file.path, file.problem?.message].filter(Boolean).join("\n")}
        >
          {file.problem === null ? null : <Icon name="warning" class="warning" />}
          {file.problem === null ? null : <span class="sr-only">{file.problem.message} </span>}
          <span class="cut">{file.name}</span>
          <IconButton
            icon="close"
            label={strings.removeFile(file.name)}
            onClick={() => void request("file-detach", { path: file.path })}
          />
        </span>
      ))}
      <button
        type="button"
        class="chip"
        title={strings.addFileHint}
        aria-label={strings.addFile}
        onClick={() => void request("file-pick", {})}
      >
        <Icon name="add" /> {strings.fileChip}
      </button>
    </div>
  );
}
