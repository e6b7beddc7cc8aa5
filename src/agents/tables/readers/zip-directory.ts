import { inflateRawSync } from "node:zlib";
import { AgentError } from "../../base/errors.ts";
import type { OpenedFile } from "./file-bytes.ts";

/** A member of a zip archive. */
export interface ZipEntry {
  readonly name: string;
  readonly packedBytes: number;
  /** As the archive claims. */
  readonly sizeBytes: number;
  readonly encrypted: boolean;
  /** Where the member begins in the archive. */
  readonly offset: number;
  readonly deflated: boolean;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const mostInflatedBytes = 1024 * 1024 * 1024;
/** Deflate packs at most about 1:1032. */
const tightestRatio = 1032;
const harmlessBytes = 256 * 1024 * 1024;

/** Reads the directory of a zip archive; `null` when it has none, as in a file that was cut short. */
export function zipEntries(archive: Buffer): readonly ZipEntry[] | null {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + 22 > archive.length || archive.readUInt32LE(end) !== endSignature) {
    return null;
  }
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== entrySignature) {
      return null;
    }
    const nameLength = archive.readUInt16LE(at + 28);
    entries.push({
      name: archive.toString("utf8", at + 46, at + 46 + nameLength),
      packedBytes: archive.readUInt32LE(at + 20),
      sizeBytes: archive.readUInt32LE(at + 24),
      encrypted: archive.readUInt16LE(at + 8) % 2 === 1,
      offset: archive.readUInt32LE(at + 42),
      deflated: archive.readUInt16LE(at + 10) === 8,
    });
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}

/** The size a member really unpacks to, at most one byte over `limit`. */
function unpackedBytes(archive: Buffer, entry: ZipEntry, limit: number): number {
  const start = entry.offset + 30 + archive.readUInt16LE(entry.offset + 26) + archive.readUInt16LE(entry.offset + 28);
  try {
    return inflateRawSync(archive.subarray(start, start + entry.packedBytes), { maxOutputLength: limit }).length;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE" ? limit + 1 : 0;
  }
}

/**
 * Refuses an archive that would unpack to more than memory holds, also one that lies about it.
 *
 * @throws AgentError `table.too-large`
 */
export function refuseZipBomb(file: OpenedFile, archive: Buffer, entries: readonly ZipEntry[]): void {
  const claimed = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  const suspicious = entries.filter(
    (entry) => entry.deflated && entry.packedBytes * tightestRatio > harmlessBytes && entry.sizeBytes < harmlessBytes,
  );
  const lies = suspicious.some((entry) => unpackedBytes(archive, entry, harmlessBytes) > harmlessBytes);
  if (claimed > mostInflatedBytes || lies) {
    const reason = "it unpacks to more than 1 GB";
    const message = `"${file.name}" is too large to be read: ${reason}. Save the sheet as CSV, or make the workbook smaller.`;
    throw new AgentError("table.too-large", { path: file.path, reason }, message);
  }
}
