import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod/mini";
import { generateManifest } from "./contributes.ts";

const manifestSchema = z.record(z.string(), z.unknown());

/** The files that are generated: `package.json` keeps what is not generated, in place. */
export function renderManifestFiles(packageJson: string): { readonly [file: string]: string } {
  const { fields, texts } = generateManifest();
  const names = Object.entries(texts);
  return {
    "package.json": print({ ...manifestSchema.parse(JSON.parse(packageJson)), ...fields }),
    "package.nls.json": print(Object.fromEntries(names.map(([key, { en }]) => [key, en]))),
    "package.nls.zh-cn.json": print(Object.fromEntries(names.map(([key, { zh }]) => [key, zh]))),
  };
}

function print(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

if (import.meta.main) {
  for (const [file, content] of Object.entries(renderManifestFiles(readFileSync("package.json", "utf8")))) {
    writeFileSync(file, content);
  }
}
