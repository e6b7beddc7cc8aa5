import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { TableCell } from "../../../src/agents/protocol/cell-output.ts";
import type { ColumnProfile, TableProfile } from "../../../src/agents/protocol/table-profile.ts";
import { useKeptOpen, usePage } from "../page-context.ts";
import { isCodeColumn } from "../text/column-role.ts";
import type { Format } from "../text/format.ts";
import { Icon, LinkButton } from "./controls.tsx";

const shownAtFirst = 10;
/** Most lines that come at once, since a table may have thousands of columns. */
const shownMore = 300;
/** Characters of a range that fit beside its bar; longer ones are shortened, and whole in the details. */
const longestRange = 15;

/** One line per column; a line opens to the details of its column. */
export function ColumnsTable(props: { readonly profile: TableProfile }): VNode {
  const { strings, format } = usePage();
  const { columns, path } = props.profile;
  const [all, setAll] = useKeptOpen(`columns:${path}`, columns.length <= shownAtFirst + 2);
  const [most, setMost] = useState(shownMore);
  const shown = columns.slice(0, all ? most : shownAtFirst);
  const further = all ? columns.length - shown.length : 0;
  return (
    <>
      <table class="columns">
        <thead>
          <tr>
            <th scope="col">{strings.column}</th>
            <th scope="col">{strings.type}</th>
            <th scope="col">{strings.range}</th>
            <th scope="col" class="n">
              {strings.missing}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((column, index) => (
            <ColumnLine key={`${index}:${column.name}`} column={column} foldKey={`column:${path}:${column.name}`} />
          ))}
        </tbody>
      </table>
      {columns.length > shownAtFirst + 2 ? (
        <div class="card-part quiet">
          {further === 0 ? null : (
            <>
              <LinkButton onClick={() => setMost(most + shownMore)}>
                {strings.showMoreColumns(format.number(Math.min(shownMore, further)))}
              </LinkButton>{" "}
              ·{" "}
            </>
          )}
          <LinkButton onClick={() => setAll(!all)}>
            {all ? strings.showFewerColumns : strings.showAllColumns(format.number(columns.length))}
          </LinkButton>
        </div>
      ) : null}
    </>
  );
}

function ColumnLine(props: { readonly column: ColumnProfile; readonly foldKey: string }): VNode {
  const { strings, format } = usePage();
  const { column } = props;
  const [open, setOpen] = useKeptOpen(props.foldKey, false);
  return (
    <>
      <tr>
        <td class="name">
          <button
            type="button"
            class="column-name"
            aria-expanded={open}
            aria-label={strings.detailsOf(column.name)}
            title={column.name}
            onClick={() => setOpen(!open)}
          >
            <Icon name={open ? "chevron-down" : "chevron-right"} />
            <span class="cut">{column.name}</span>
          </button>
        </td>
        <td class="type">{strings.columnTypes[column.type]}</td>
        <td class="range">
          <Range column={column} />
        </td>
        <td class={column.nulls > 0 ? "n some" : "n"}>{format.number(column.nulls)}</td>
      </tr>
      {open ? (
        <tr class="column-details">
          <td colSpan={4}>
            <ColumnDetails column={column} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

function Range(props: { readonly column: ColumnProfile }): VNode {
  const { strings, format } = usePage();
  const { column } = props;
  if (column.min === null || ["category", "text", "boolean", "mixed"].includes(column.type)) {
    return <>{strings.values(format.number(column.distinct), column.distinct)}</>;
  }

  const whole = rangeText(column, (cell) => cellText(cell, column, format));
  const short = (cell: TableCell): string =>
    typeof cell === "number" && Math.abs(cell) >= 10_000 && !isCodeColumn(column)
      ? format.compact(cell)
      : cellText(cell, column, format);
  const text = whole.length > longestRange ? rangeText(column, short) : whole;
  return (
    <span class="range-line" title={whole}>
      {column.quartiles === null || isKey(column) ? null : <QuartileBar column={column} />}
      <span class="cut">{text}</span>
    </span>
  );
}

function rangeText(column: ColumnProfile, say: (cell: TableCell) => string): string {
  return column.min === column.max ? say(column.min) : `${say(column.min)} – ${say(column.max)}`;
}

/** Where the middle half of the values lies between the smallest and the largest, with the median marked. */
function QuartileBar(props: { readonly column: ColumnProfile }): VNode | null {
  const { min, max, quartiles } = props.column;
  if (typeof min !== "number" || typeof max !== "number" || quartiles === null || max <= min) {
    return null;
  }

  const share = (value: number): number => Math.min(100, Math.max(0, ((value - min) / (max - min)) * 100));
  const [low, middle, high] = [share(quartiles[0]), share(quartiles[1]), share(quartiles[2])];
  return (
    <span class="quartiles" aria-hidden="true">
      <span class="half" style={{ left: `${low}%`, width: `${Math.max(high - low, 4)}%` }} />
      <span class="median" style={{ left: `${Math.min(middle, 97)}%` }} />
    </span>
  );
}

function ColumnDetails(props: { readonly column: ColumnProfile }): VNode {
  const { strings, format } = usePage();
  const { column } = props;
  const about = column.approximate === true ? "≈ " : "";
  const facts: readonly (string | null)[] = [
    column.unit ?? null,
    column.format ?? null,
    column.min === null ? null : rangeText(column, (cell) => cellText(cell, column, format)),
    about + strings.values(format.number(column.distinct), column.distinct),
    column.mean === null || isCodeColumn(column) ? null : `${strings.mean} ${about}${format.number(column.mean)}`,
    column.quartiles === null || isKey(column)
      ? null
      : `${strings.median} ${about}${cellText(column.quartiles[1], column, format)}`,
    column.sum === null || isCodeColumn(column)
      ? null
      : `${strings.sum} ${column.exactSum ?? format.number(column.sum)}`,
    column.missingWords === undefined ? null : strings.missingAs(column.missingWords.join(strings.listSeparator)),
  ];
  const most = Math.max(1, ...column.top.map((entry) => entry.count));
  return (
    <>
      <div class="quiet break">{facts.filter((fact) => fact !== null).join(" · ")}</div>
      {column.top.length === 0 ? null : (
        <ul class="top" aria-label={strings.topValues}>
          {column.top.map((entry) => (
            <li key={String(entry.value)}>
              <span class="cut" title={String(entry.value)}>
                {cellText(entry.value, column, format)}
              </span>
              <span class="track" aria-hidden="true">
                <span class="bar" style={{ width: `${(entry.count / most) * 100}%` }} />
              </span>
              <span class="n">{format.number(entry.count)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function cellText(cell: TableCell, column: ColumnProfile, format: Format): string {
  if (typeof cell !== "number") {
    return String(cell ?? "–");
  }

  return isCodeColumn(column) ? format.year(cell) : format.number(cell);
}

/** Digits that are a name: neither their middle nor their spread says anything. Those of a year do. */
function isKey(column: ColumnProfile): boolean {
  return isCodeColumn(column) && column.type !== "year";
}
