import type { VNode } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { TableOutput } from "../../../src/agents/protocol/cell-output.ts";
import { toDelimited } from "../../../src/agents/protocol/delimited-text.ts";
import { usePage } from "../page-context.ts";
import { type TableSort, filterRows, nextSort, sortRows, toMarkdown } from "../text/table-view.ts";
import { ungroupedColumns } from "../text/ungrouped-columns.ts";
import { CellValue } from "./cell-value.tsx";
import { Icon, IconButton, TextField } from "./controls.tsx";
import { useCopy } from "./use-copy.ts";
import { Menu } from "./popover.tsx";

const pageSizes = [10, 25, 100] as const;

/** A data frame: sorted by its headers, filtered, in pages, copied whole. */
export function TableView(props: {
  readonly table: TableOutput;
  /** Where it came from, so that it can be saved. */
  readonly cellId: string;
  readonly output: number;
}): VNode {
  const { table } = props;
  const { strings, format, request } = usePage();
  const [sort, setSort] = useState<TableSort | null>(null);
  const [filter, setFilter] = useState("");
  const [size, setSize] = useState<number>(pageSizes[0]);
  const [page, setPage] = useState(0);
  const rows = useMemo(() => sortRows(filterRows(table.rows, filter), table.columns, sort), [table, filter, sort]);
  const ungrouped = useMemo(() => ungroupedColumns(table), [table]);
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const at = Math.min(page, pages - 1);
  const shown = rows.slice(at * size, (at + 1) * size);
  return (
    <div class="output table-output">
      <TableHead
        table={table}
        rows={rows}
        filter={filter}
        onFilter={setFilter}
        onSave={() => void request("table-save", { cellId: props.cellId, output: props.output })}
      />
      <div class="table-scroll" tabIndex={0} role="region" aria-label={table.name ?? strings.table}>
        <table class="grid">
          <thead>
            <tr>
              {table.columns.map((column, index) => (
                <SortHeader
                  key={index}
                  column={column}
                  sort={sort?.column === index ? sort : null}
                  onSort={() => setSort(nextSort(sort, index))}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => (
                  <CellValue
                    key={column}
                    value={cell}
                    number={table.columns[column]?.kind === "number"}
                    grouped={ungrouped[column] !== true}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown.length === 0 ? (
        <div class="quiet pad">{table.rows.length === 0 ? strings.emptyTable : strings.noRowsMatch}</div>
      ) : null}
      {rows.length > pageSizes[0] ? (
        <div class="pager">
          <span class="quiet" aria-live="polite">
            {strings.rowsShown(
              format.number(at * size + 1),
              format.number(Math.min(rows.length, (at + 1) * size)),
              format.number(rows.length),
            )}
          </span>
          <IconButton
            icon="chevron-left"
            label={strings.previousPage}
            disabled={at === 0}
            onClick={() => setPage(at - 1)}
          />
          <IconButton
            icon="chevron-right"
            label={strings.nextPage}
            disabled={at >= pages - 1}
            onClick={() => setPage(at + 1)}
          />
          <span class="grow" />
          <span class="sizes" role="group" aria-label={strings.rowsPerPage}>
            {pageSizes.map((count) => (
              <button key={count} type="button" aria-pressed={count === size} onClick={() => setSize(count)}>
                {format.number(count)}
              </button>
            ))}
          </span>
        </div>
      ) : null}
    </div>
  );
}

function TableHead(props: {
  readonly table: TableOutput;
  readonly rows: TableOutput["rows"] | ReturnType<typeof filterRows>;
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly onSave: () => void;
}): VNode {
  const { table, rows } = props;
  const { strings, format } = usePage();
  const [menu, setMenu] = useState(false);
  const anchor = useRef<HTMLElement>(null);
  const [copied, copy] = useCopy();
  const facts = [
    table.name ?? null,
    table.rowCount > table.rows.length
      ? strings.firstOf(format.number(table.rows.length), format.number(table.rowCount))
      : strings.rows(format.number(table.rowCount), table.rowCount),
    table.columnCount > table.columns.length
      ? strings.firstColumnsOf(format.number(table.columns.length), format.number(table.columnCount))
      : null,
  ];
  return (
    <div class="table-head">
      <span class="quiet cut grow">{facts.filter((fact) => fact !== null).join(" · ")}</span>
      {table.rows.length > 5 ? (
        <TextField class="filter" value={props.filter} label={strings.filterRows} onInput={props.onFilter} />
      ) : null}
      {copied ? <span class="quiet nowrap">{strings.copied}</span> : null}
      <IconButton
        icon={copied ? "check" : "copy"}
        label={strings.copyTable}
        menu
        expanded={menu}
        buttonRef={anchor}
        onClick={() => setMenu(!menu)}
      />
      {menu ? (
        <Menu
          anchor={anchor}
          label={strings.copyTable}
          onClose={() => setMenu(false)}
          items={[
            {
              label: strings.copyMarkdown,
              icon: "markdown",
              onSelect: () => void copy(toMarkdown(table.columns, rows)),
            },
            { label: strings.copyCsv, icon: "file", onSelect: () => void copy(toDelimited(table.columns, rows, ",")) },
            {
              label: strings.copyTsv,
              icon: "table",
              onSelect: () => void copy(toDelimited(table.columns, rows, "\t")),
            },
            { label: strings.saveCsv, icon: "save", onSelect: props.onSave },
          ]}
        />
      ) : null}
    </div>
  );
}

function SortHeader(props: {
  readonly column: TableOutput["columns"][number];
  readonly sort: TableSort | null;
  readonly onSort: () => void;
}): VNode {
  const { strings } = usePage();
  const { column, sort } = props;
  return (
    <th scope="col" class={column.kind === "number" ? "n" : ""} aria-sort={sort?.direction ?? "none"}>
      <button type="button" title={`${column.name} · ${column.dtype}`} onClick={props.onSort}>
        <span class="cut">{column.name}</span>
        <span class="sr-only">{strings.sortBy(column.name)}</span>
        {sort === null ? null : <Icon name={sort.direction === "ascending" ? "arrow-up" : "arrow-down"} />}
      </button>
    </th>
  );
}
