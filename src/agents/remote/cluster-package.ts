import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";

/** What of ours runs on a cluster: one zip file of Python and bundles, named for its content. */
export interface ClusterPackage {
  /** As Ray wants packages to be called. */
  readonly name: string;
  /** Of the product, and of the content: `0.1.0+0123456789abcdef`. */
  readonly version: string;
  readonly content: () => Promise<Buffer>;
}

const aboutSchema = z.object({ version: z.string() });

/**
 * Reads the package that the build has made.
 *
 * @param folder Of the build's output: `package.zip`, and `about.json` with the product's version.
 */
export async function readClusterPackage(folder: string): Promise<ClusterPackage> {
  const [content, about] = await Promise.all([
    readFile(join(folder, "package.zip")),
    readFile(join(folder, "about.json"), "utf8"),
  ]);
  const { version } = aboutSchema.parse(JSON.parse(about));
  const hash = createHash("sha256").update(content).digest("hex");
  return {
    name: `_ray_pkg_${hash.slice(0, 32)}.zip`,
    version: `${version}+${hash.slice(0, 16)}`,
    content: () => Promise.resolve(content),
  };
}
