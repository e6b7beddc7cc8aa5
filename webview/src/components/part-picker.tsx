import type { VNode } from "preact";
import type { TableProfile } from "../../../src/agents/protocol/table-profile.ts";
import { usePage } from "../page-context.ts";
import { partKindOf } from "../text/describe-dialect.ts";
import { Dropdown } from "./controls.tsx";

/** Which part of a file is shown, where it has several; another one is read when it is chosen. */
export function PartPicker(props: { readonly profile: TableProfile }): VNode | null {
  const { profile } = props;
  const { strings, format, request } = usePage();
  const { sheets, dialect, path } = profile;
  if (sheets.length < 2 || dialect.sheet === null) {
    return null;
  }

  const label = strings.parts[partKindOf(dialect)];
  return (
    <div class="part-picker choice-field">
      <span class="quiet" aria-hidden="true">
        {label}
      </span>
      <Dropdown
        label={label}
        value={dialect.sheet}
        options={sheets.map(({ name, rowCount, hidden }) => {
          const shown = hidden ? strings.hiddenPart(name) : name;
          return { value: name, label: rowCount === null ? shown : strings.partLabel(shown, format.number(rowCount)) };
        })}
        // What was chosen for one part says nothing of another.
        onChange={(sheet) => sheet !== dialect.sheet && void request("file-reprofile", { path, dialect: { sheet } })}
      />
    </div>
  );
}
