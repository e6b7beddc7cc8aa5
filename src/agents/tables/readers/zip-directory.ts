import { AgentError } from "../../base/errors.ts";
import { readBytes, type OpenedFile } from "./file-bytes.ts";
import { openInflated, type InflatedFile } from "./inflated-file.ts";

/** A member of a zip archive. */
export interface ZipEntry {
  readonly name: string;
  readonly packedBytes: number;
  /** As the archive claims. */
  readonly sizeBytes: number;
  readonly encrypted: boolean;
  /** Where the member begins in the archive. */
  readonly offset: number;
  /** 0 is stored, 8 is deflate; others are not read. */
  readonly method: number;
  /** Checksum of what it unpacks to. */
  readonly crc: number;
}

const endSignature = 0x06054b50;
const endBytes = 22;
const longEndSignature = 0x06064b50;
const longLocatorSignature = 0x07064b50;
const entrySignature = 0x02014b50;
const longestComment = 65_535;
const largestDirectoryBytes = 64 * 1024 * 1024;
const unknown32 = 0xffffffff;

const mostInflatedBytes = 1024 * 1024 * 1024;

interface DirectoryPlace {
  readonly start: number;
  readonly bytes: number;
  readonly count: number;
}

/** Where the directory is, from the record at the end of the archive (APPNOTE 4.3.16 and, for large ones, 4.3.14). */
async function findDirectory(file: OpenedFile): Promise<DirectoryPlace | null> {
  const tailBytes = Math.min(file.sizeBytes, endBytes + longestComment);
  const tailStart = file.sizeBytes - tailBytes;
  const tail = await readBytes(file, tailStart, tailBytes);
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + endBytes > tail.length || tail.readUInt32LE(end) !== endSignature) {
    return null;
  }
  const place = {
    count: tail.readUInt16LE(end + 10),
    bytes: tail.readUInt32LE(end + 12),
    start: tail.readUInt32LE(end + 16),
  };
  const locator = end - 20;
  if (place.start !== unknown32 || locator < 0 || tail.readUInt32LE(locator) !== longLocatorSignature) {
    return place;
  }
  const long = await readBytes(file, Number(tail.readBigUInt64LE(locator + 8)), 56);
  return long.length < 56 || long.readUInt32LE(0) !== longEndSignature
    ? null
    : {
        count: Number(long.readBigUInt64LE(32)),
        bytes: Number(long.readBigUInt64LE(40)),
        start: Number(long.readBigUInt64LE(48)),
      };
}

/** Sizes and place beyond 32 bits stand in an extra field (APPNOTE 4.5.3), in this order, those that are needed. */
function longNumbers(extra: Buffer, short: readonly number[]): number[] {
  let field = 0;
  while (field + 4 <= extra.length && extra.readUInt16LE(field) !== 1) {
    field += 4 + extra.readUInt16LE(field + 2);
  }
  let at = field + 4;
  return short.map((value) => {
    if (value !== unknown32 || at + 8 > extra.length) {
      return value;
    }
    const long = Number(extra.readBigUInt64LE(at));
    at += 8;
    return long;
  });
}

/** Names without the UTF-8 mark are often UTF-8 all the same. */
function nameOf(bytes: Buffer): string {
  return bytes.toString("utf8").replaceAll("\\", "/");
}

/** Reads the directory of a zip archive; `null` when it has none, as in a file that was cut short. */
export async function readZipDirectory(file: OpenedFile): Promise<readonly ZipEntry[] | null> {
  const place = await findDirectory(file);
  if (place === null || place.bytes > largestDirectoryBytes) {
    return null;
  }
  const directory = await readBytes(file, place.start, place.bytes);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < place.count; index += 1) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== entrySignature) {
      return null;
    }
    const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
    const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
    const short = [directory.readUInt32LE(at + 24), directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 42)];
    const [sizeBytes = 0, packedBytes = 0, offset = 0] = longNumbers(directory.subarray(nameEnd, extraEnd), short);
    entries.push({
      name: nameOf(directory.subarray(at + 46, nameEnd)),
      packedBytes,
      sizeBytes,
      encrypted: directory.readUInt16LE(at + 8) % 2 === 1,
      offset,
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
    });
    at = extraEnd + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * Opens a member of an archive.
 *
 * @throws AgentError `table.damaged`, `table.too-large`, `table.not-readable`
 */
export async function openMember(file: OpenedFile, entry: ZipEntry): Promise<InflatedFile> {
  const local = await readBytes(file, entry.offset, 30);
  if (local.length < 30 || (entry.method !== 0 && entry.method !== 8)) {
    const reason = local.length < 30 ? "a member is missing" : `"${entry.name}" is packed by an unusual method`;
    const message = `"${file.name}" cannot be unpacked: ${reason}. Unpack it with another program and choose what comes out.`;
    throw new AgentError("table.damaged", { path: file.path, reason }, message);
  }
  return await openInflated(file, {
    name: entry.name.split("/").at(-1) ?? entry.name,
    start: entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28),
    packedBytes: entry.packedBytes,
    method: entry.method === 0 ? "stored" : "deflate",
    crc: entry.crc,
  });
}

/** Unpacks a member to its end, or to a piece over `limit`; tells how far that was. */
async function unpackedBytes(file: OpenedFile, entry: ZipEntry, limit: number): Promise<number> {
  const step = 16 * 1024 * 1024;
  let position = 0;
  const member = await openMember(file, entry);
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one piece in memory at a time
    const { length } = await readBytes(member, position, step);
    position += length;
    if (length < step || position > limit) {
      return position;
    }
  }
}

function tooLarge(file: OpenedFile): AgentError<"table.too-large"> {
  const reason = "it unpacks to more than 1 GB";
  const message = `"${file.name}" is too large to be read: ${reason}. Save the sheet as CSV, or make the workbook smaller.`;
  return new AgentError("table.too-large", { path: file.path, reason }, message);
}

/**
 * Unpacks every member of a workbook once, to see that it is whole and fits in memory, also where the archive lies about
 * its sizes.
 *
 * @throws AgentError `table.too-large`, `table.damaged`
 */
export async function checkMembers(file: OpenedFile, entries: readonly ZipEntry[]): Promise<void> {
  let left = mostInflatedBytes;
  if (entries.reduce((sum, entry) => sum + entry.sizeBytes, 0) > left) {
    throw tooLarge(file);
  }
  for (const entry of entries) {
    if (entry.encrypted || entry.packedBytes === 0) {
      continue;
    }
    // oxlint-disable-next-line no-await-in-loop -- one in memory at a time, and the first that is damaged is enough
    left -= await unpackedBytes(file, entry, left);
    if (left < 0) {
      throw tooLarge(file);
    }
  }
}
