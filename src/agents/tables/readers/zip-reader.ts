import { AgentError } from "../../base/errors.ts";
import type { TextReadingOptions } from "./csv-reader.ts";
import type { OpenedFile } from "./file-bytes.ts";
import { packedSource } from "./gzip-reader.ts";
import type { OpenPart } from "./open-table.ts";
import { noSuchPart, otherParts } from "./part-list.ts";
import type { TableSource } from "./table-source.ts";
import { openMember, type ZipEntry } from "./zip-directory.ts";

const tableName =
  /\.(csv|tsv|tab|psv|txt|dat|xlsx|xlsm|xls|xlsb|ods|parquet|arrow|feather|json|jsonl|ndjson|geojson|html?|md|gz)$/iu;
const listedMembers = 200;

const prose = (name: string): boolean => /(^|\/)(readme|license|licence|changelog|说明)[^/]*$/iu.test(name);

/** Members that may be tables, the largest first. */
function tableMembers(entries: readonly ZipEntry[]): readonly ZipEntry[] {
  const files = entries.filter(
    ({ name, sizeBytes }) => sizeBytes > 0 && !name.endsWith("/") && !/(^|\/)(__MACOSX\/|\.)/u.test(name),
  );
  const named = files.filter(({ name }) => tableName.test(name));
  return (named.length > 0 ? named : files).toSorted(
    (a, b) => Number(prose(a.name)) - Number(prose(b.name)) || b.sizeBytes - a.sizeBytes,
  );
}

/** The member that is wanted, and the part of it. `book.xlsx!Sheet2` is a sheet of a member. */
function wantedMember(members: readonly ZipEntry[], wanted: string): { entry: ZipEntry; inner: string | null } | null {
  const whole = members.find(({ name }) => name === wanted);
  if (whole !== undefined) {
    return { entry: whole, inner: null };
  }
  const outer = members.find(({ name }) => wanted.startsWith(`${name}!`));
  return outer === undefined ? null : { entry: outer, inner: wanted.slice(outer.name.length + 1) };
}

function chooseMember(
  file: OpenedFile,
  members: readonly ZipEntry[],
  wanted: string | null | undefined,
): { entry: ZipEntry; inner: string | null } {
  const [first] = members;
  if (first === undefined) {
    const reason = "the archive holds no table";
    const message = `"${file.name}" is a zip archive without a table in it. Choose a table file, or an archive that has one.`;
    throw new AgentError("table.not-a-table", { path: file.path, reason }, message);
  }
  if (typeof wanted !== "string" || wanted === "") {
    return { entry: first, inner: null };
  }
  const found = wantedMember(members, wanted);
  if (found === null) {
    throw noSuchPart(
      file,
      wanted,
      members.map(({ name }) => name),
    );
  }
  return found;
}

function refuseEncrypted(file: OpenedFile, { encrypted }: ZipEntry): void {
  if (encrypted) {
    const message = `"${file.name}" is protected by a password. Unpack it with its password and choose what comes out.`;
    throw new AgentError("table.password", { path: file.path }, message);
  }
}

/**
 * Opens a table in a zip archive: the member wanted, or the largest.
 *
 * @throws AgentError `table.not-a-table`, `table.password`, `table.not-readable`, `table.damaged`, `table.too-large`
 */
export async function openArchive(
  file: OpenedFile,
  entries: readonly ZipEntry[],
  options: TextReadingOptions,
  open: OpenPart,
): Promise<TableSource> {
  const members = tableMembers(entries);
  const { entry, inner } = chooseMember(file, members, options.choice.sheet);
  refuseEncrypted(file, entry);
  const member = await openMember(file, entry);
  const choice = { ...options.choice, sheet: inner };
  const source = await open(member, { ...options, choice });
  const innerNames = source.sheets.filter(({ name }) => name !== source.dialect.sheet);
  const parts = [
    ...members.slice(0, listedMembers).map(({ name }) => ({ name, rowCount: null, hidden: false })),
    ...innerNames.map((part) => ({ ...part, name: `${entry.name}!${part.name}` })),
  ];
  const sheet = inner === null ? entry.name : `${entry.name}!${inner}`;
  const packed = packedSource(source, member, { method: "zip", member: entry.name });
  return {
    ...packed,
    dialect: { ...packed.dialect, sheet },
    sheets: parts,
    warnings: [
      ...otherParts("archive", parts, sheet),
      ...source.warnings.filter(({ code }) => !code.startsWith("other-")),
    ],
  };
}
