import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FileToCarry } from "../ports/index-carrier.ts";
import type { CarriedFile } from "../protocol/index-job.ts";

/** Files that travel together: one content of the cluster, or none where none of them has any. */
export interface IndexPack {
  readonly content: { readonly path: string; readonly sha256: string; readonly sizeBytes: number } | null;
  readonly files: readonly CarriedFile[];
}

/** What one task is given at most, and how many tasks a small folder is shared out among, for each that may run. */
const packFiles = 256;
const packBytes = 16 * 1024 * 1024;
const packsEach = 4;
const leastFiles = 16;
/** A larger one travels alone, as it lies here. */
const aloneBytes = 4 * 1024 * 1024;

/**
 * Puts files into packs. A file that cannot be read is named in its pack, without content.
 *
 * @param parallel tasks that may run at a time
 * @yields a pack; what it consists of is gone when the next is asked for
 */
export async function* packFilesOf(
  files: readonly FileToCarry[],
  parallel: number,
  signal: AbortSignal,
): AsyncGenerator<IndexPack> {
  const folder = await mkdtemp(join(tmpdir(), "byzer-pack-"));
  try {
    for (const some of sharedOut(files, parallel)) {
      signal.throwIfAborted();
      // oxlint-disable-next-line no-await-in-loop -- one pack after the other
      const pack = await packOf(some, folder, signal);
      yield pack;
      if (pack.content?.path.startsWith(folder) === true) {
        // oxlint-disable-next-line no-await-in-loop -- as above
        await rm(pack.content.path, { force: true });
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Files in their order, shared out among packs; a large one alone. */
export function sharedOut(files: readonly FileToCarry[], parallel: number): readonly (readonly FileToCarry[])[] {
  const wanted = Math.max(1, parallel * packsEach);
  const most = Math.min(packFiles, Math.max(leastFiles, Math.ceil(files.length / wanted)));
  const packs: FileToCarry[][] = [];
  let gathered: FileToCarry[] = [];
  let size = 0;
  const close = (): void => {
    if (gathered.length > 0) {
      packs.push(gathered);
    }
    gathered = [];
    size = 0;
  };
  for (const file of files) {
    const sizeBytes = isRead(file) ? file.sizeBytes : 0;
    if (sizeBytes > aloneBytes) {
      packs.push([file]);
      continue;
    }
    if (gathered.length >= most || size + sizeBytes > packBytes) {
      close();
    }
    gathered.push(file);
    size += sizeBytes;
  }
  close();
  return packs;
}

function isRead({ isSecret, givenUp }: FileToCarry): boolean {
  return !isSecret && givenUp === null;
}

async function packOf(files: readonly FileToCarry[], folder: string, signal: AbortSignal): Promise<IndexPack> {
  const [only] = files;
  if (files.length === 1 && only !== undefined && isRead(only) && only.sizeBytes > aloneBytes) {
    return await aloneOf(only, signal);
  }
  const contents: Buffer[] = [];
  const carried: CarriedFile[] = [];
  for (const file of files) {
    // oxlint-disable-next-line no-await-in-loop -- one file after the other
    const content = isRead(file) ? await readFile(file.file, { signal }).catch(nothingUnless(signal)) : null;
    carried.push(carriedFile(file, content?.length ?? null));
    contents.push(...(content === null ? [] : [content]));
  }
  const whole = Buffer.concat(contents);
  if (whole.length === 0) {
    return { content: null, files: carried };
  }
  const path = join(folder, randomUUID());
  await writeFile(path, whole, { mode: 0o600 });
  const sha256 = createHash("sha256").update(whole).digest("hex");
  return { content: { path, sha256, sizeBytes: whole.length }, files: carried };
}

/** A large file as it lies here. */
async function aloneOf(file: FileToCarry, signal: AbortSignal): Promise<IndexPack> {
  try {
    const hash = createHash("sha256");
    let sizeBytes = 0;
    for await (const piece of createReadStream(file.file, { highWaterMark: 1024 * 1024, signal })) {
      hash.update(piece);
      sizeBytes += Buffer.byteLength(piece);
    }
    const { size } = await stat(file.file);
    if (size !== sizeBytes) {
      throw new TypeError("it changes while it is read");
    }
    const content = { path: file.file, sha256: hash.digest("hex"), sizeBytes };
    return { content, files: [carriedFile(file, sizeBytes)] };
  } catch {
    signal.throwIfAborted();
    return { content: null, files: [carriedFile(file, null)] };
  }
}

/** @param sizeBytes `null` where it could not be read, or is not to be */
function carriedFile(file: FileToCarry, sizeBytes: number | null): CarriedFile {
  const { path, isSecret, knownHash, givenUp } = file;
  const isUnreadable = sizeBytes === null && isRead(file);
  return { path, sizeBytes, isSecret, knownHash, givenUp: isUnreadable ? "unreadable" : givenUp };
}

function nothingUnless(signal: AbortSignal): () => null {
  return () => {
    signal.throwIfAborted();
    return null;
  };
}
