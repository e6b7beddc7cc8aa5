import { pathToFileURL } from "node:url";

/** In a CommonJS bundle there is this name and no `import.meta.url`. */
// oxlint-disable-next-line no-underscore-dangle -- its name in Node
declare const __filename: string | undefined;

/**
 * The program of a thread: beside the bundle, or where its source is when this file runs from its source.
 *
 * @param source its path from this folder, without extension
 */
export function programLocation(source: string): URL {
  const here = typeof __filename === "string" ? pathToFileURL(__filename).href : import.meta.url;
  const name = source.slice(source.lastIndexOf("/") + 1);
  return new URL(here.endsWith(".ts") ? `./${source}.ts` : `./${name}.mjs`, here);
}

/** The program of the thread that owns the indexes. */
export function workerLocation(): URL {
  return programLocation("retrieval-worker");
}
