import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { type FileState, type WritePermit, isSame, writePermitSchema } from "./write-permit.ts";

/** Hidden, so that no output of a kernel can bear its name. */
const fileName = ".cluster-writes.json";

/** So long after a change that can be lost it is kept at the latest, milliseconds. */
const saveWithinMs = 200;

const storedSchema = z.object({
  /** By cell. */
  permits: z.record(z.string(), writePermitSchema),
  /** What cells of the session have brought, by path relative to the working folder. */
  brought: z.record(z.string(), z.object({ sizeBytes: z.number(), modifiedMs: z.number() })),
});

/**
 * What the session's cells may write on this machine, kept beside its outputs: a window that finds them again asks its own
 * disk, never the cluster.
 */
export class PermitStore {
  readonly #path: string;
  readonly #permits: Map<string, WritePermit>;
  readonly #brought: Map<string, FileState>;
  #saving: NodeJS.Timeout | undefined;

  /** @param folder Absolute, of the session's outputs. */
  constructor(folder: string) {
    this.#path = join(folder, fileName);
    const stored = storedIn(this.#path);
    this.#permits = new Map(Object.entries(stored?.permits ?? {}));
    this.#brought = new Map(Object.entries(stored?.brought ?? {}));
  }

  /** `undefined` where this machine did not let the cell run. */
  permitOf(cellId: string): WritePermit | undefined {
    return this.#permits.get(cellId);
  }

  /** A cell was allowed. */
  allow(cellId: string, permit: WritePermit): void {
    this.#permits.set(cellId, permit);
    if (permit.mayWrite) {
      this.#save();
    } else {
      this.#saveSoon();
    }
  }

  /** What a cell wrote is dealt with. */
  forget(cellId: string): void {
    this.#permits.delete(cellId);
    this.#saveSoon();
  }

  /** A file was brought, and is so. */
  noteBrought(path: string, state: FileState): void {
    this.#brought.set(path, state);
    this.#saveSoon();
  }

  /** Whether a file is as an earlier cell has written it. */
  isOurs(path: string, state: FileState): boolean {
    const known = this.#brought.get(path);
    return known !== undefined && isSame(known, state);
  }

  /** Keeps at once what would be kept soon. */
  flush(): void {
    if (this.#saving !== undefined) {
      this.#save();
    }
  }

  #save(): void {
    clearTimeout(this.#saving);
    this.#saving = undefined;
    const permits = Object.fromEntries(this.#permits);
    const stored = JSON.stringify({ permits, brought: Object.fromEntries(this.#brought) });
    try {
      writeFileSync(this.#path, stored, { mode: 0o600 });
    } catch {
      // A window that opens later knows of no permit then, writes nothing, and says so.
    }
  }

  /** Where this process ends before, a later window has less to go by, and leaves files where they are. */
  #saveSoon(): void {
    this.#saving ??= setTimeout(() => this.#save(), saveWithinMs);
  }
}

function storedIn(path: string): z.infer<typeof storedSchema> | undefined {
  try {
    return storedSchema.safeParse(JSON.parse(readFileSync(path, "utf8"))).data;
  } catch {
    // Nothing was allowed yet; without it, nothing is overwritten.
    return undefined;
  }
}
