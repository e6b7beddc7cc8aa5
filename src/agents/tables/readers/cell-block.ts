import type { RawCell, RawRow } from "./table-source.ts";

/** The place of a cell that a short row does not have. */
export const absentCell = -1;

/**
 * Rows of a text as places in its bytes, so that no cell becomes a string unless somebody asks for it. Cell `column` of
 * `row` is `bytes` from `starts[row * width + column]` to `ends[row * width + column]`, in UTF-8; the start of a cell that
 * is not there is `absentCell`.
 */
export interface CellBlock {
  readonly bytes: Buffer;
  /** The same memory, for looks at four bytes at once. */
  readonly view: DataView;
  /** No byte is above 127. */
  readonly ascii: boolean;
  readonly width: number;
  readonly rowCount: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Bytes with what is needed to look at them. */
export type BlockText = Pick<CellBlock, "bytes" | "view" | "ascii">;

/** The bytes of a text file as those of a block. */
export function blockText(bytes: Buffer, ascii: boolean): BlockText {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), ascii };
}

/** The text of a part of a block. */
export function textOfBytes({ bytes, ascii }: Pick<CellBlock, "bytes" | "ascii">, start: number, end: number): string {
  return bytes.toString(ascii ? "latin1" : "utf8", start, end);
}

/** A cell as other readers give it; `undefined` where the row is too short. */
export function cellOfBlock(block: CellBlock, row: number, column: number): RawCell | undefined {
  const place = row * block.width + column;
  const start = block.starts[place] ?? absentCell;
  return start === absentCell ? undefined : textOfBytes(block, start, block.ends[place] ?? start);
}

/** A row as other readers give it. */
export function rowOfBlock(block: CellBlock, row: number): RawRow {
  const cells: RawCell[] = [];
  for (let column = 0; column < block.width; column += 1) {
    const cell = cellOfBlock(block, row, column);
    if (cell === undefined) {
      break;
    }
    cells.push(cell);
  }
  return cells;
}

/** A copy of the first `rowCount` rows that stays when the reader goes on. */
export function copyOfBlock(block: CellBlock, rowCount: number): CellBlock {
  const cells = rowCount * block.width;
  const ends = block.ends.slice(0, cells);
  const first = firstByte(block, cells);
  const last = ends.reduce((most, end) => Math.max(most, end), first);
  const starts = block.starts.slice(0, cells);
  for (let place = 0; place < cells; place += 1) {
    if (starts[place] !== absentCell) {
      starts[place] = (starts[place] ?? 0) - first;
      ends[place] = (ends[place] ?? 0) - first;
    }
  }
  return {
    ...block,
    ...blockText(Buffer.from(block.bytes.subarray(first, last)), block.ascii),
    rowCount,
    starts,
    ends,
  };
}

function firstByte({ starts }: CellBlock, cells: number): number {
  const start = starts.subarray(0, cells).find((place) => place !== absentCell);
  return start ?? 0;
}
