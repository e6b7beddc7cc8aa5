import { cpSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { bundles, copies } from "./bundles.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Leaves `import("./x.ts")` of another editor bundle's entry as an import of that bundle, so that its code is loaded when
 * it is first used. (esbuild splits only ES modules; VS Code wants CommonJS.)
 *
 * @type {import("esbuild").Plugin}
 */
const siblingBundles = {
  name: "sibling-bundles",
  setup(context) {
    const { initialOptions } = context;
    context.onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) => {
      const target = bundles.find(({ entry }) => resolve(root, entry) === resolve(resolveDir, path));
      return initialOptions.format === "cjs" && kind === "dynamic-import" && target !== undefined
        ? { path: `./${basename(target.out)}`, external: true }
        : undefined;
    });
  },
};

/**
 * Bundles the product into `dist`.
 *
 * @param {{ debug?: boolean, only?: readonly string[] }} [options] `debug`: readable and with source maps. `only`: these
 *   outputs, the others are left as they are.
 */
export async function buildAll({ debug = false, only } = {}) {
  const dist = join(root, "dist");
  if (only === undefined) {
    rmSync(dist, { recursive: true, force: true });
  }
  const chosen = bundles.filter(({ out }) => only?.includes(out) ?? true);
  await Promise.all(
    chosen.map(({ entry, out, options }) =>
      build({
        absWorkingDir: root,
        entryPoints: [entry],
        outfile: join(dist, out),
        bundle: true,
        minify: !debug,
        sourcemap: debug && "linked",
        legalComments: "none",
        logLevel: "warning",
        plugins: [siblingBundles],
        ...options,
      }),
    ),
  );
  for (const { from, to, keep } of copies) {
    cpSync(join(root, from), join(dist, to), { recursive: true, filter: (path) => keep(basename(path)) });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { debug: { type: "boolean" }, only: { type: "string", multiple: true } } });
  await buildAll(values);
}
