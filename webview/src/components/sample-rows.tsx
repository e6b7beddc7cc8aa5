import type { VNode } from "preact";
import type { TableProfile } from "../../../src/agents/protocol/table-profile.ts";
import { usePage } from "../page-context.ts";
import { CellValue } from "./cell-value.tsx";

/** The first rows of a file, scrolling sideways. */
export function SampleRows(props: { readonly profile: TableProfile }): VNode {
  const { strings } = usePage();
  const { columns, rows } = props.profile;
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
              {row.map((cell, at) => (
                <CellValue key={at} value={cell} number={isNumber(columns[at]?.type)} grouped={false} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function isNumber(type: string | undefined): boolean {
  return ["integer", "decimal", "money", "percent", "year"].includes(type ?? "");
}
