import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { buildKernel } from "./build-kernel.mjs";
import { bundles, clusterParts, copies } from "./bundles.mjs";
import { writeClusterPackage } from "./cluster-package.mjs";
import { writeAgentPackage } from "./agent-package.mjs";
import { lazyHttp } from "./lazy-http.mjs";
import { thirdPartyNotices } from "./third-party-notices.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");

/**
 * Leaves `import("./x.ts")` of the entry of another bundle of the same format as an import of that bundle, so that its
 * code is loaded when it is first used. (esbuild splits only ES modules; VS Code wants CommonJS.)
 *
 * @type {import("esbuild").Plugin}
 */
const siblingBundles = {
  name: "sibling-bundles",
  setup(context) {
    const { initialOptions } = context;
    context.onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) => {
      const target = bundles.find(({ entry }) => resolve(root, entry) === resolve(resolveDir, path));
      return kind === "dynamic-import" && target !== undefined && target.options.format === initialOptions.format
        ? { path: `./${basename(target.out)}`, external: true }
        : undefined;
    });
  },
};

/**
 * Bundles the product into `dist`. A build that fails leaves `dist` as it was.
 *
 * @param {{ debug?: boolean, only?: readonly string[] }} [options] `debug`: readable and with source maps. `only`: these
 *   outputs; the others stay.
 */
export async function buildAll({ debug = false, only } = {}) {
  const chosen = bundles.filter(({ out }) => only?.includes(out) ?? true);
  const built = await Promise.all(chosen.map((bundle) => bundleOf(bundle, debug)));
  if (only === undefined) {
    rmSync(dist, { recursive: true, force: true });
  }
  for (const { path, contents } of built.flatMap(({ outputFiles }) => outputFiles ?? [])) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
  if (only === undefined) {
    const inputs = built.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}));
    writeFileSync(join(dist, "third-party-notices.txt"), thirdPartyNotices(root, inputs));
  }
  writeAgentPackage(root, join(dist, "byzer-agent"));
  writeFileSync(join(dist, "vector-kernel.wasm"), await buildKernel());
  for (const { from, to, keep } of copies) {
    cpSync(join(root, from), join(dist, to), { recursive: true, filter: (path) => keep(basename(path)) });
  }
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  writeClusterPackage(dist, clusterParts, version);
}

/**
 * @param {import("./bundles.mjs").Bundle} bundle
 * @param {boolean} debug
 */
function bundleOf({ entry, out, options }, debug) {
  return build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: join(dist, out),
    write: false,
    metafile: true,
    bundle: true,
    minify: !debug,
    sourcemap: debug && "linked",
    legalComments: "none",
    logLevel: "warning",
    plugins: [siblingBundles, lazyHttp],
    ...options,
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { debug: { type: "boolean" }, only: { type: "string", multiple: true } } });
  await buildAll(values);
}
