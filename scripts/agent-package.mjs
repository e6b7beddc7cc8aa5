import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const importStatement = /^import type \{[^}]*\} from "[^"]+";\n+/gmu;
const lintComment = /^ *\/\/ oxlint-disable.*\n/gmu;

/**
 * Several files of nothing but declarations as one that needs no other.
 *
 * @param {readonly string[]} texts What each file says; what one imports another declares.
 * @returns {string}
 */
export function joinDeclarations(texts) {
  return `${texts.map((text) => text.replaceAll(importStatement, "").replaceAll(lintComment, "").trim()).join("\n\n")}\n`;
}

/**
 * Writes what makes the bundles of `byzer-agent` a package: types, a manifest, a licence.
 *
 * @param {string} root The repository.
 * @param {string} folder Where the bundles are.
 */
export function writeAgentPackage(root, folder) {
  const source = join(root, "src", "agents", "byzer-agent");
  const { version, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  mkdirSync(folder, { recursive: true });
  const types = ["agent-types.ts", "office-types.ts"].map((name) => readFileSync(join(source, name), "utf8"));
  writeFileSync(join(folder, "index.d.ts"), joinDeclarations(types));
  const manifest = {
    name: "byzer-agent",
    version,
    description: "Agents that talk to each other: written once, for Byzer Agent in VS Code and for plain Node.",
    license,
    type: "module",
    exports: { ".": { types: "./index.d.ts", default: "./index.mjs" } },
    types: "./index.d.ts",
    files: ["index.mjs", "index.d.ts", "environment-model.mjs", "LICENSE"],
    engines: { node: ">=20" },
  };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
}
