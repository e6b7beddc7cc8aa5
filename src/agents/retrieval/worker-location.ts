import { pathToFileURL } from "node:url";

/** In a CommonJS bundle there is this name and no `import.meta.url`. */
// oxlint-disable-next-line no-underscore-dangle -- its name in Node
declare const __filename: string | undefined;

/** The program of the thread that owns the indexes: beside the bundle, or beside this file when it runs from its source. */
export function workerLocation(): URL {
  const here = typeof __filename === "string" ? pathToFileURL(__filename).href : import.meta.url;
  return new URL(here.endsWith(".ts") ? "./retrieval-worker.ts" : "./retrieval-worker.mjs", here);
}
