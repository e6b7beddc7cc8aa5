/**
 * @typedef {object} Bundle
 * @property {string} entry The file whose imports are bundled.
 * @property {string} out Inside `dist`.
 * @property {import("esbuild").BuildOptions} options How it is bundled.
 */

/** What VS Code loads. @type {import("esbuild").BuildOptions} */
const editor = { platform: "node", target: "node22", format: "cjs", external: ["vscode"] };

/**
 * What plain Node loads. Packages that ask for `require` find one.
 *
 * @type {import("esbuild").BuildOptions}
 */
const node = {
  platform: "node",
  target: "node22",
  format: "esm",
  banner: {
    js: 'import { createRequire as byzerRequire } from "node:module";const require = byzerRequire(import.meta.url);',
  },
};

/**
 * What reads PDFs. Pictures are not drawn, so that the native canvas stays out.
 *
 * @type {import("esbuild").BuildOptions}
 */
const withoutCanvas = { ...node, external: ["@napi-rs/canvas"] };

/** What the chat page loads. @type {import("esbuild").BuildOptions} */
const page = {
  platform: "browser",
  target: "chrome128",
  format: "iife",
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".ttf": "file" },
  assetNames: "[name]",
};

/**
 * Every bundle of the product. An editor bundle that imports the entry of another dynamically loads that bundle when the
 * import runs: `extension.cjs` is all that is read at activation.
 *
 * @type {readonly Bundle[]}
 */
export const bundles = [
  { entry: "src/extension/extension.ts", out: "extension.cjs", options: editor },
  {
    entry: "src/extension/agents-bundle.ts",
    out: "agents.cjs",
    options: { ...editor, logOverride: { "empty-import-meta": "silent" } },
  },
  { entry: "src/extension/asking/asking-bundle.ts", out: "asking-bundle.cjs", options: editor },
  {
    entry: "src/extension/declared/declared-bundle.ts",
    out: "declared-bundle.cjs",
    options: { ...editor, logOverride: { "empty-import-meta": "silent" } },
  },
  { entry: "src/extension/agents/agent-bundle.ts", out: "agent-bundle.cjs", options: editor },
  {
    entry: "src/extension/agents-view/agents-view-bundle.ts",
    out: "agents-view-bundle.cjs",
    options: { ...editor, logOverride: { "empty-import-meta": "silent" } },
  },
  {
    entry: "src/extension/ray/ray-bundle.ts",
    out: "ray-bundle.cjs",
    options: { ...editor, logOverride: { "empty-import-meta": "silent" } },
  },
  { entry: "src/extension/mcp/mcp-bundle.ts", out: "mcp-bundle.cjs", options: editor },
  { entry: "src/agents/models/openai-package.ts", out: "openai.cjs", options: editor },
  { entry: "src/agents/mcp/mcp-client.ts", out: "mcp.cjs", options: editor },
  { entry: "src/agents/host/cli.ts", out: "cli.mjs", options: { ...node, target: "node20", banner: {} } },
  { entry: "src/agents/host/byzer.ts", out: "byzer.mjs", options: node },
  // What an agent in code runs in: starts often, so that nothing is in it that does not have to be.
  { entry: "src/agents/agent-process/child/main.ts", out: "agent-process.mjs", options: { ...node, banner: {} } },
  // Where agents live on a cluster.
  { entry: "src/agents/remote-agents/host/main.ts", out: "ray-host.mjs", options: node },
  // What tasks of a cluster index with.
  {
    entry: "src/agents/host/corpus-worker.ts",
    out: "corpus-worker.mjs",
    options: { ...node, external: ["pg-native", "pg-cloudflare"] },
  },
  { entry: "src/agents/byzer-agent/index.ts", out: "byzer-agent/index.mjs", options: { ...node, banner: {} } },
  { entry: "src/agents/byzer-agent/environment-model.ts", out: "byzer-agent/environment-model.mjs", options: node },
  { entry: "src/agents/mcp/mcp-client.ts", out: "mcp.mjs", options: node },
  { entry: "src/agents/tables/profile-worker.ts", out: "profile-worker.mjs", options: node },
  { entry: "src/agents/tables/joins/find-joins.ts", out: "find-joins.mjs", options: node },
  { entry: "src/agents/retrieval/retrieval-worker.ts", out: "retrieval-worker.mjs", options: node },
  { entry: "src/agents/host/memory-worker.ts", out: "memory-worker.mjs", options: node },
  {
    entry: "src/agents/retrieval/postgres/postgres-worker.ts",
    out: "postgres-worker.mjs",
    // What pg looks for and goes without.
    options: { ...node, external: ["pg-native", "pg-cloudflare"] },
  },
  { entry: "src/agents/retrieval/index/prepare-worker.ts", out: "prepare-worker.mjs", options: node },
  { entry: "src/agents/tables/readers/workbook-reader.ts", out: "workbook-reader.mjs", options: node },
  { entry: "src/agents/tables/readers/parquet-reader.ts", out: "parquet-reader.mjs", options: node },
  { entry: "src/agents/tables/readers/arrow-reader.ts", out: "arrow-reader.mjs", options: node },
  { entry: "src/agents/tables/readers/zip-directory.ts", out: "zip-directory.mjs", options: node },
  { entry: "src/agents/tables/readers/zip-reader.ts", out: "zip-reader.mjs", options: node },
  { entry: "src/agents/tables/readers/gzip-reader.ts", out: "gzip-reader.mjs", options: node },
  { entry: "src/agents/tables/readers/html-reader.ts", out: "html-reader.mjs", options: node },
  { entry: "src/agents/tables/readers/sqlite-reader.ts", out: "sqlite-reader.mjs", options: node },
  { entry: "src/agents/encoding/legacy-encoding.ts", out: "legacy-encoding.mjs", options: node },
  { entry: "src/agents/encoding/xlsx-package.ts", out: "xlsx-package.mjs", options: node },
  { entry: "src/agents/retrieval/parse/extract-document.ts", out: "extract-document.mjs", options: node },
  { entry: "src/agents/retrieval/parse/thread/document-worker.ts", out: "document-worker.mjs", options: node },
  { entry: "src/agents/retrieval/parse/pdf/read-pdf.ts", out: "read-pdf.mjs", options: withoutCanvas },
  { entry: "src/agents/retrieval/parse/documents/read-docx.ts", out: "read-docx.mjs", options: node },
  { entry: "src/agents/retrieval/parse/documents/read-pptx.ts", out: "read-pptx.mjs", options: node },
  { entry: "src/agents/retrieval/parse/documents/read-odt.ts", out: "read-odt.mjs", options: node },
  { entry: "src/agents/retrieval/parse/documents/read-epub.ts", out: "read-epub.mjs", options: node },
  { entry: "src/agents/retrieval/parse/documents/read-workbook.ts", out: "read-workbook.mjs", options: node },
  { entry: "src/agents/retrieval/parse/documents/read-notebook.ts", out: "read-notebook.mjs", options: node },
  { entry: "src/agents/retrieval/parse/documents/read-html.ts", out: "read-html.mjs", options: node },
  { entry: "webview/src/main.tsx", out: "webview/main.js", options: page },
  { entry: "webview/src/agents/main.tsx", out: "webview/agents.js", options: page },
  { entry: "webview/src/pdf/main.ts", out: "webview/pdf.js", options: page },
];

/** What is copied into `dist` as it is; `keep` is asked about every file and folder name. */
export const copies = [
  {
    from: "src/python",
    to: "python",
    keep: (/** @type {string} */ name) => !/^(\..*|__pycache__|ruff\.toml|tests|test_.*)$|\.pyc$/.test(name),
  },
  // Chinese, Japanese and Korean PDFs name their character maps instead of bringing them along.
  { from: "node_modules/pdfjs-dist/cmaps", to: "cmaps", keep: () => true },
  // What the view of a PDF document reads with: its thread, the signs that no system has, decoders of pictures.
  { from: "node_modules/pdfjs-dist/legacy/build/pdf.worker.min.mjs", to: "pdf/pdf.worker.min.mjs", keep: () => true },
  {
    from: "node_modules/pdfjs-dist/standard_fonts",
    to: "pdf/standard_fonts",
    keep: (/** @type {string} */ name) => /^(standard_fonts|Foxit(Symbol|Dingbats)\.pfb|LICENSE_FOXIT)$/.test(name),
  },
  {
    from: "node_modules/pdfjs-dist/wasm",
    to: "pdf/wasm",
    keep: (/** @type {string} */ name) =>
      /^(wasm|(jbig2|openjpeg)\.wasm|LICENSE_(PDFJS_)?(JBIG2|OPENJPEG))$/.test(name),
  },
];

/** What tasks of a cluster index with: each loads what a file of its kind needs. */
const indexing = [
  "corpus-worker.mjs",
  "prepare-worker.mjs",
  "document-worker.mjs",
  "extract-document.mjs",
  "legacy-encoding.mjs",
  "xlsx-package.mjs",
  "read-pdf.mjs",
  "read-docx.mjs",
  "read-pptx.mjs",
  "read-odt.mjs",
  "read-epub.mjs",
  "read-workbook.mjs",
  "read-notebook.mjs",
  "read-html.mjs",
  "cmaps",
];

/** What of `dist` is packed for a cluster, and as what; in `ray/package.zip`. */
export const clusterParts = [
  { from: "python/byzer_ray", to: "byzer_ray" },
  { from: "python/byzer_interpreter", to: "byzer_interpreter" },
  { from: "ray-host.mjs", to: "ray-host.mjs" },
  // What agents in code run in, and what they import.
  { from: "agent-process.mjs", to: "agent-process.mjs" },
  { from: "byzer-agent", to: "byzer-agent" },
  ...indexing.map((name) => ({ from: name, to: `index/${name}` })),
];
