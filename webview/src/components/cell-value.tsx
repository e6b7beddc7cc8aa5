import type { VNode } from "preact";
import type { TableCell } from "../../../src/agents/protocol/cell-output.ts";
import { usePage } from "../page-context.ts";

const longestShown = 300;

/** One cell of a grid: numbers to the right, missing as a quiet dash, long text cut (whole in its tooltip). */
export function CellValue(props: {
  readonly value: TableCell;
  readonly number: boolean;
  /** Group thousands. */
  readonly grouped: boolean;
}): VNode {
  const { strings, format } = usePage();
  const { value } = props;
  if (value === null) {
    return (
      <td class={props.number ? "n null" : "null"}>
        <span aria-hidden="true">–</span>
        <span class="sr-only">{strings.missingValue}</span>
      </td>
    );
  }

  const text = typeof value === "number" && props.grouped ? format.number(value) : String(value);
  const cut = text.length > longestShown;
  return (
    <td class={props.number ? "n" : ""} title={text.length > 40 ? text.slice(0, 2000) : undefined}>
      {cut ? `${text.slice(0, longestShown)}…` : text}
    </td>
  );
}
