/** Kinds of records for a cell that leave its column out: number, error, true or false, text, shared text. */
const shortKinds: ReadonlySet<number> = new Set([13, 14, 15, 16, 17, 18]);

interface VariableNumber {
  readonly value: number;
  /** Position after it. */
  readonly end: number;
}

/** A number whose bytes carry seven bits each, the lowest first, and say whether another follows. */
function variableNumber(bytes: Uint8Array, position: number, mostBytes: number): VariableNumber {
  let value = 0;
  for (let index = 0; index < mostBytes; index += 1) {
    const byte = bytes[position + index] ?? 0;
    value += (byte % 128) * 128 ** index;
    if (byte < 128) {
      return { value, end: position + index + 1 };
    }
  }
  return { value, end: position + mostBytes };
}

/**
 * Says whether a sheet of an xlsb workbook holds cells in the short form, whose column is the one after the last cell's.
 * Excel reads it and does not write it; other programs do, and Python's readers skip such cells.
 *
 * @param sheet Records as of [MS-XLSB] 2.1.4.
 */
export function hasShortCells(sheet: Uint8Array): boolean {
  let position = 0;
  while (position < sheet.length) {
    const kind = variableNumber(sheet, position, 2);
    if (shortKinds.has(kind.value)) {
      return true;
    }
    const length = variableNumber(sheet, kind.end, 4);
    position = length.end + length.value;
  }
  return false;
}
