import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds package.json. */
export const repositoryRoot = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The npm package whose VS Code Server is used, with what npm says its archive must hash to. */
export const editorPackage = {
  name: "code-server",
  version: "4.139.1",
  integrity: "sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==",
};

/**
 * Where the editor is kept: `.cache/editor` of the repository, or the folder that BYZER_EDITOR_CACHE names.
 *
 * @returns {{ cache: string, home: string, serverMain: string, stamp: string }}
 */
export function editorPaths() {
  const { BYZER_EDITOR_CACHE: override } = process.env;
  const cache = override === undefined ? join(repositoryRoot, ".cache", "editor") : resolve(override);
  const home = join(cache, `${editorPackage.name}-${editorPackage.version}`);
  return { cache, home, serverMain: join(home, "out", "server-main.js"), stamp: join(home, "byzer-stamp.json") };
}

/**
 * The Chromium that shows the editor: BYZER_CHROMIUM, or the first usual place that has one.
 *
 * @returns {string | undefined}
 */
export function findChromium() {
  const { BYZER_CHROMIUM: override } = process.env;
  const places = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].map(
    (name) => `/usr/bin/${name}`,
  );
  return override ?? places.find((place) => existsSync(place));
}

/**
 * The Node.js of the npm package `node`: the binary that runs the editor and, where it brings them, its headers.
 *
 * @returns {{ binary: string, headers: string | undefined, version: string, platformPackage: string }} `headers` is the
 *   folder that holds `include/`; `platformPackage` the npm package that brings both.
 */
export function editorNode() {
  const require = createRequire(import.meta.url);
  const packageFolder = dirname(require.resolve("node/package.json"));
  const platformPackage = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const candidates = [join(packageFolder, "node_modules", platformPackage), join(packageFolder, "..", platformPackage)];
  const home = candidates.find((folder) => existsSync(join(folder, "bin", "node")));
  if (home === undefined) {
    return { binary: process.execPath, headers: undefined, version: process.versions.node, platformPackage };
  }
  const include = join(home, "include", "node");
  const headers = existsSync(include) && readdirSync(include).includes("node_version.h") ? home : undefined;
  return { binary: join(home, "bin", "node"), headers, version: require("node/package.json").version, platformPackage };
}
