import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod/mini";
import type { Admissions } from "../remote/cluster.ts";

const fileSchema = z.record(z.string(), z.object({ token: z.string(), serve: z.string() }));

/**
 * Keeps what clusters know this machine by in a file that only its owner can read.
 *
 * @param path Made when something is kept.
 */
export function admissionFile(path: string): Admissions {
  return {
    get: async (dashboard) => (await readAll(path))[dashboard],
    set: async (dashboard, admission) => {
      const { [dashboard]: _before, ...others } = await readAll(path);
      const all = admission === undefined ? others : { ...others, [dashboard]: admission };
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(`${path}.new`, JSON.stringify(all, null, 2), { mode: 0o600 });
      await rename(`${path}.new`, path);
    },
  };
}

async function readAll(path: string): Promise<z.infer<typeof fileSchema>> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    // Lost or damaged: the clusters admit this machine again.
    return {};
  }
}
