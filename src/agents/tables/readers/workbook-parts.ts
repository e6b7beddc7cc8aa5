import { withoutEmptyCells } from "./empty-cells.ts";
import type { OpenedFile } from "./file-bytes.ts";
import { readWhole } from "./file-bytes.ts";
import { hiddenInOds, type HiddenParts } from "./ods-hidden.ts";
import { replaceMembers } from "./replace-members.ts";
import { hasShortCells } from "./short-cells.ts";
import { openMember, readZipDirectory, type ZipEntry } from "./zip-directory.ts";

/** What can be said of a workbook before it is parsed. */
export interface PackedSheets {
  /** What is to be parsed: the workbook, without cells that hold a format and no value where it has very many. */
  readonly content: Buffer;
  /** All sheets can be parsed at once. */
  readonly isSmall: boolean;
  /** Some rows or columns are hidden; looking for them costs memory for each cell. */
  readonly hasHidden: boolean;
  /** Of an ods, what each sheet hides; empty for other formats, where it is parsed with the cells. */
  readonly hidden: readonly HiddenParts[];
  /** Some formulas have no stored result; looking for them costs memory for each empty cell. */
  readonly hasEmptyFormulas: boolean;
  /** Some cells are stored in a form that Python's readers leave out. */
  readonly hasShortCells: boolean;
  readonly isEncrypted: boolean;
}

const smallBytes = 192 * 1024 * 1024;
const smallBinaryBytes = 64 * 1024 * 1024;
const searchedBytes = 512 * 1024 * 1024;

/** A mark, which most sheets lack, and the forms of it that matter. */
interface Marks {
  readonly any: Buffer;
  readonly forms: readonly Buffer[];
}

const marksOf = (any: string, ...forms: readonly string[]): Marks => ({
  any: Buffer.from(any),
  forms: forms.map((form) => Buffer.from(form)),
});

const hiddenMarks = [marksOf('hidden="', 'hidden="1"', 'hidden="true"'), marksOf("table:visibility=")];
const emptyFormulaMarks = marksOf("<f", "</f><v></v>", "</f><v/>", "</f><v />", "</f></c>", '"/></c>');

function isMarked(sheet: Buffer, { any, forms }: Marks): boolean {
  return sheet.includes(any) && (forms.length === 0 || forms.some((form) => sheet.includes(form)));
}

async function contentOf(file: OpenedFile, entry: ZipEntry): Promise<Buffer> {
  return await readWhole(await openMember(file, entry), searchedBytes, "Save the sheet as CSV.");
}

/**
 * Looks at the members of a workbook for what decides how it is parsed.
 *
 * @throws AgentError `table.damaged`, `table.too-large`
 */
export async function packedSheets(file: OpenedFile, content: Buffer, format: string): Promise<PackedSheets> {
  if (format === "xls" || format === "xml") {
    return {
      content,
      isSmall: content.length <= smallBinaryBytes,
      hasHidden: true,
      hidden: [],
      hasEmptyFormulas: false,
      hasShortCells: false,
      isEncrypted: false,
    };
  }
  const read = (position: number, length: number): Promise<Buffer> =>
    Promise.resolve(content.subarray(position, position + length));
  const held: OpenedFile = { ...file, sizeBytes: content.length, unpacked: { read } };
  const entries = (await readZipDirectory(held)) ?? [];
  const sheets = entries.filter(({ name }) => /^xl\/worksheets\/[^/]+\.(xml|bin)$|^content\.xml$/u.test(name));
  const manifest = entries.find(({ name }) => name === "META-INF/manifest.xml");
  const isEncrypted =
    entries.some(({ encrypted }) => encrypted) ||
    (manifest !== undefined && (await contentOf(held, manifest)).includes("encryption-data"));
  const found = await lookAtSheets(held, isEncrypted ? [] : sheets, format);
  const { lean, unpackedBytes, ...marks } = found;
  return {
    ...marks,
    content: lean.size === 0 ? content : replaceMembers(content, entries, lean),
    isSmall: unpackedBytes <= smallBytes,
    isEncrypted,
  };
}

interface FoundInSheets extends Pick<PackedSheets, "hasHidden" | "hidden" | "hasEmptyFormulas" | "hasShortCells"> {
  /** Sheets without their empty cells, by the name of the member. */
  readonly lean: ReadonlyMap<string, Buffer>;
  /** Of all sheets, as they are parsed. */
  readonly unpackedBytes: number;
}

async function lookAtSheets(file: OpenedFile, sheets: readonly ZipEntry[], format: string): Promise<FoundInSheets> {
  const isBinary = format === "xlsb";
  const lean = new Map<string, Buffer>();
  let hasHidden = isBinary;
  let hidden: readonly HiddenParts[] = [];
  let hasEmptyFormulas = false;
  let hasShort = false;
  let unpackedBytes = 0;
  for (const entry of sheets) {
    // oxlint-disable-next-line no-await-in-loop -- one sheet in memory at a time
    const sheet = await contentOf(file, entry);
    hasShort ||= isBinary && hasShortCells(sheet);
    hasHidden ||= hiddenMarks.some((marks) => isMarked(sheet, marks));
    hidden = format === "ods" && hasHidden ? hiddenInOds(sheet) : hidden;
    hasEmptyFormulas ||= !isBinary && isMarked(sheet, emptyFormulaMarks);
    const less = format === "xlsx" ? withoutEmptyCells(sheet) : null;
    unpackedBytes += less?.length ?? entry.sizeBytes;
    if (less !== null) {
      lean.set(entry.name, less);
    }
  }
  return { lean, unpackedBytes, hasHidden, hidden, hasEmptyFormulas, hasShortCells: hasShort };
}
