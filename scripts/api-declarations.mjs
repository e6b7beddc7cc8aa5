import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { joinDeclarations } from "./agent-package.mjs";

const root = resolve(fileURLToPath(import.meta.url), "..", "..");

/** Where the types for other extensions lie, for whoever writes one. */
export const apiDeclarations = join(root, "api", "byzer-agent-api.d.ts");

/** @returns {string} What that file says: all that another extension needs, in one file. */
export function renderApiDeclarations() {
  const files = ["src/agents/byzer-agent/agent-types.ts", "src/extension/api/api-types.ts"];
  return joinDeclarations(files.map((file) => readFileSync(join(root, file), "utf8")));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(apiDeclarations, renderApiDeclarations());
}
