import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** What of ours runs on a cluster: one zip file of Python and bundles, named for its content. */
export interface ClusterPackage {
  /** As Ray wants packages to be called. */
  readonly name: string;
  /** Of the product, and of the content: `0.1.0+0123456789abcdef`. */
  readonly version: string;
  readonly content: () => Promise<Buffer>;
}

/**
 * Reads the package that the build has made.
 *
 * @param path Of the zip file. @param productVersion As in the manifest.
 */
export async function readClusterPackage(path: string, productVersion: string): Promise<ClusterPackage> {
  const content = await readFile(path);
  const hash = createHash("sha256").update(content).digest("hex");
  return {
    name: `_ray_pkg_${hash.slice(0, 32)}.zip`,
    version: `${productVersion}+${hash.slice(0, 16)}`,
    content: () => Promise.resolve(content),
  };
}
