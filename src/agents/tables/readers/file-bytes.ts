import { constants, type Stats } from "node:fs";
import { open, stat, type FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { AgentError, messageOf } from "../../base/errors.ts";

const wholeStepBytes = 4 * 1024 * 1024;

/** Bytes that lie packed in a file. */
export interface UnpackedBytes {
  /** Gives `length` bytes at `position`, fewer at the end. Going on from the last read is quick, going back is not. */
  read(position: number, length: number): Promise<Buffer>;
}

/** A regular file that can be read, as it was when it was opened. Close it. */
export interface OpenedFile {
  readonly path: string;
  /** For a member of an archive, its own name. */
  readonly name: string;
  /** `Infinity` while it is not known how much the packed bytes give. */
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly handle: FileHandle;
  /** What is read in place of the file's own bytes. */
  readonly unpacked?: UnpackedBytes;
  /** Its first bytes, where they are in memory already. */
  readonly head?: Buffer;
}

/** @throws AgentError `table.not-found`, `table.not-readable`, `table.not-a-file`, `table.empty` */
export async function openFile(path: string): Promise<OpenedFile> {
  const name = basename(path);
  try {
    const facts = await stat(path);
    if (!facts.isFile()) {
      throw new AgentError("table.not-a-file", { path }, `"${name}" is ${kindOf(facts)}`);
    }
    if (facts.size === 0) {
      throw new AgentError("table.empty", { path }, `"${name}" is empty: it has no bytes. Check how it was saved.`);
    }
    // eslint-disable-next-line no-bitwise -- flags of open(2): never wait for a pipe's other end.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    return { path, name, sizeBytes: facts.size, modifiedMs: facts.mtimeMs, handle };
  } catch (error) {
    throw fileError(path, error);
  }
}

/** What is no file, with the way out. */
function kindOf(facts: Stats): string {
  if (facts.isDirectory()) {
    return "a folder. Choose a table file.";
  }
  const kind = facts.isFIFO() ? "a pipe" : facts.isSocket() ? "a socket" : "a device";
  return `${kind}, not a file. Save what it gives to a file, and choose that.`;
}

/** Reasons of the file system, each with the way out, by its code. */
const refusals: Readonly<Record<string, readonly [reason: string, advice: string]>> = {
  EACCES: [
    "no permission to read it",
    "Change its permissions or those of its folder, or copy it to where you may read it.",
  ],
  EPERM: ["no permission to read it", "Change its permissions, or copy it to where you may read it."],
  EBUSY: ["another program has locked it", "Close that program, or copy the file."],
  ELOOP: ["its symbolic link leads back to itself", "Choose the file that it was meant to lead to."],
  ENAMETOOLONG: ["its name is too long", "Give it or its folder a shorter name."],
  EIO: ["the disk or the network did not give its bytes", "Check the connection, or copy it to this computer."],
};

/** Says what the file system refused. */
export function fileError(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error) || error.name === "AgentError") {
    return error;
  }
  const name = basename(path);
  if (error.code === "ENOENT" || error.code === "ENOTDIR") {
    const message = `"${name}" is not there: it was moved, renamed or deleted. Choose it again.`;
    return new AgentError("table.not-found", { path }, message, error);
  }
  const [reason, advice] = refusals[String(error.code)] ?? [
    messageOf(error),
    "Check its permissions, or close the program that locks it.",
  ];
  const message = `"${name}" cannot be read: ${reason}. ${advice}`;
  return new AgentError("table.not-readable", { path, reason }, message, error);
}

/** Reads `length` bytes at `position`, fewer at the end of the file. */
export async function readBytes(file: OpenedFile, position: number, length: number): Promise<Buffer> {
  const end = Math.min(position + length, file.sizeBytes);
  if (file.head !== undefined && end <= file.head.length) {
    return file.head.subarray(Math.min(position, end), end);
  }
  if (file.unpacked !== undefined) {
    return await file.unpacked.read(position, Math.max(0, Math.min(length, file.sizeBytes - position)));
  }
  const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, file.sizeBytes - position)));
  let filled = 0;
  try {
    while (filled < buffer.length) {
      // oxlint-disable-next-line no-await-in-loop -- a read may give less than was asked for
      const { bytesRead } = await file.handle.read(buffer, filled, buffer.length - filled, position + filled);
      if (bytesRead === 0) {
        break;
      }
      filled += bytesRead;
    }
  } catch (error) {
    throw fileError(file.path, error);
  }
  return buffer.subarray(0, filled);
}

/**
 * Reads a file whole.
 *
 * @param advice what to do with a file that is larger
 * @throws AgentError `table.too-large` when it has more than `mostBytes`
 */
export async function readWhole(file: OpenedFile, mostBytes: number, advice: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let position = 0;
  for (;;) {
    const length = Number.isFinite(file.sizeBytes) ? file.sizeBytes : wholeStepBytes;
    // oxlint-disable-next-line no-await-in-loop -- parts come in file order
    const bytes = position <= mostBytes && length <= mostBytes ? await readBytes(file, position, length) : null;
    if (bytes === null) {
      const reason = `it has more than ${Math.floor(mostBytes / 1048576)} MB, which this format cannot be read in`;
      throw new AgentError(
        "table.too-large",
        { path: file.path, reason },
        `"${file.name}" is too large: ${reason}. ${advice}`,
      );
    }
    parts.push(bytes);
    position += bytes.length;
    if (bytes.length < length || position >= file.sizeBytes) {
      return parts.length === 1 ? bytes : Buffer.concat(parts);
    }
  }
}

/** The bytes of a file that must be read here and there, held in memory. @throws AgentError `table.too-large` */
export async function inMemory(file: OpenedFile, mostBytes: number, advice: string): Promise<OpenedFile> {
  const bytes = await readWhole(file, mostBytes, advice);
  const read = (position: number, length: number): Promise<Buffer> =>
    Promise.resolve(bytes.subarray(position, position + length));
  return { ...file, sizeBytes: bytes.length, unpacked: { read } };
}
