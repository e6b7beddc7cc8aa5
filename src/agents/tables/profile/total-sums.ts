import type { TableTotal } from "../../protocol/table-profile.ts";
import type { Cells } from "./group-cells.ts";
import type { Measure } from "./total-data.ts";

const mostSums = 400;
const mostMeasures = 5;

/** What adding over all rows gives, for everything and for each group that holds a total, and what is right. */
export function totalSums(
  { cellOfRow, value, groups }: Cells,
  code: number,
  measures: readonly Measure[],
  nameOf: (group: number) => string,
): NonNullable<TableTotal["sums"]> {
  const used = measures.slice(0, mostMeasures);
  return used.flatMap(({ name, numbers }) => {
    const sums = new Float64Array(value.length);
    numbers.forEach((number, row) => {
      const cell = cellOfRow[row] ?? 0;
      sums[cell] = (sums[cell] ?? 0) + (number || 0);
    });
    const whole = { measure: name, group: "", counted: 0, right: 0 };
    const found = groups.flatMap((group, index) => {
      const counted = group.reduce((sum, cell) => sum + (sums[cell] ?? 0), 0);
      const total = group.find((cell) => value[cell] === code);
      const right = total === undefined || group.length < 2 ? counted : (sums[total] ?? 0);
      whole.counted += counted;
      whole.right += right;
      return right === counted ? [] : [{ measure: name, group: nameOf(index), counted, right }];
    });
    const fitting = groups.length > 1 ? found.slice(0, Math.floor(mostSums / used.length) - 1) : [];
    return [whole, ...fitting];
  });
}
