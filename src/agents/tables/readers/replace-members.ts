import { crc32 } from "node:zlib";
import type { ZipEntry } from "./zip-directory.ts";

const localBytes = 30;
const entryBytes = 46;
const endBytes = 22;
const version = 20;
/** Names are UTF-8. */
const flags = 0x0800;

/**
 * An archive of the same members, some of them with other content, which is stored unpacked.
 *
 * @param archive The bytes of the archive that `entries` are from; shorter than 4 GB, none of its members encrypted.
 * @param replaced New content by the name of the member.
 */
export function replaceMembers(
  archive: Buffer,
  entries: readonly ZipEntry[],
  replaced: ReadonlyMap<string, Buffer>,
): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const content = replaced.get(entry.name);
    const data = content ?? packedData(archive, entry);
    const facts = {
      method: content === undefined ? entry.method : 0,
      crc: content === undefined ? entry.crc : crc32(content),
      packedBytes: data.length,
      sizeBytes: content?.length ?? entry.sizeBytes,
    };
    const name = Buffer.from(entry.name);
    pieces.push(header(name, facts), data);
    directory.push(header(name, { ...facts, offset }));
    offset += localBytes + name.length + data.length;
  }
  return Buffer.concat([...pieces, ...directory, endRecord(directory, offset)]);
}

function packedData(archive: Buffer, { offset, packedBytes }: ZipEntry): Buffer {
  const start = offset + localBytes + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
  return archive.subarray(start, start + packedBytes);
}

interface MemberFacts extends Pick<ZipEntry, "method" | "crc" | "packedBytes" | "sizeBytes"> {
  /** Where the member begins; only the directory says it. */
  readonly offset?: number;
}

/** The record before a member, or, where `offset` is given, its entry in the directory (APPNOTE 4.3.7 and 4.3.12). */
function header(name: Buffer, { method, crc, packedBytes, sizeBytes, offset }: MemberFacts): Buffer {
  const isEntry = offset !== undefined;
  const record = Buffer.alloc(isEntry ? entryBytes : localBytes);
  record.writeUInt32LE(isEntry ? 0x02014b50 : 0x04034b50, 0);
  let at = 4;
  if (isEntry) {
    at = record.writeUInt16LE(version, at);
    record.writeUInt32LE(offset, 42);
  }
  at = record.writeUInt16LE(version, at);
  at = record.writeUInt16LE(flags, at);
  at = record.writeUInt16LE(method, at);
  // Four bytes for a time that nobody asks for.
  at = record.writeUInt32LE(crc, at + 4);
  at = record.writeUInt32LE(packedBytes, at);
  at = record.writeUInt32LE(sizeBytes, at);
  record.writeUInt16LE(name.length, at);
  return Buffer.concat([record, name]);
}

function endRecord(directory: readonly Buffer[], offset: number): Buffer {
  const record = Buffer.alloc(endBytes);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(directory.length, 8);
  record.writeUInt16LE(directory.length, 10);
  record.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  record.writeUInt32LE(offset, 16);
  return record;
}
