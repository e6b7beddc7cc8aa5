import type { VNode } from "preact";
import type { TableProfile } from "../../../src/agents/protocol/table-profile.ts";
import { usePage } from "../page-context.ts";
import { CellValue } from "./cell-value.tsx";

const mostColumns = 100;

/** The first rows of a file, scrolling sideways. */
export function SampleRows(props: { readonly profile: TableProfile }): VNode {
  const { strings, format } = usePage();
  const { rows } = props.profile;
  const columns = props.profile.columns.slice(0, mostColumns);
  const count = props.profile.columns.length;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={strings.sampleRows}>
      <table class="grid">
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={index} scope="col" class={isNumber(column.type) ? "n" : ""} title={column.name}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.slice(0, mostColumns).map((cell, at) => (
                <CellValue key={at} value={cell} number={isNumber(columns[at]?.type)} grouped={false} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {count > mostColumns ? (
        <div class="quiet pad">{strings.firstColumnsOf(format.number(mostColumns), format.number(count))}</div>
      ) : null}
    </div>
  );
}

function isNumber(type: string | undefined): boolean {
  return ["integer", "decimal", "money", "percent", "year"].includes(type ?? "");
}
