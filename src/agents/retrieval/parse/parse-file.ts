import { basename } from "node:path";
import { wholeCharacters } from "../../encoding/detect-encoding.ts";
import { decodeText } from "../../encoding/decode-text.ts";
import { layoutOf } from "./layout-of.ts";
import type { ParsedDocument } from "./parsed-document.ts";
import type { FileContent } from "./read-file.ts";
import { hasSecretKey } from "./secrets.ts";

/** Why a file is not in the index. */
export type SkipReason = "secret" | "binary" | "generated" | "unreadable" | "empty" | "not-a-file" | "too-many";

/** What became of a file: its text, or why there is none. */
export type ParsedFile =
  | { readonly type: "parsed"; readonly document: ParsedDocument }
  | { readonly type: "skipped"; readonly reason: SkipReason };

/** Code that a program wrote for programs has lines that nobody reads. */
const generatedLineLength = 5000;
const generatedHead = 50_000;
const generatedKinds = /\.(?:js|mjs|cjs|css|map|html|svg)$/i;
const generatedNames =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|cargo\.lock|poetry\.lock|uv\.lock|pdm\.lock|pipfile\.lock|composer\.lock|gemfile\.lock|go\.sum|packages\.lock\.json|pubspec\.lock|mix\.lock|flake\.lock)$/i;

function isGenerated(name: string, text: string): boolean {
  if (generatedNames.test(name) || !generatedKinds.test(name)) {
    return generatedNames.test(name);
  }
  const head = text.slice(0, generatedHead);
  let lines = 1;
  for (let at = head.indexOf("\n"); at >= 0; at = head.indexOf("\n", at + 1)) {
    lines += 1;
  }
  return head.length / lines > generatedLineLength;
}

/** Makes text of the bytes of a file, by its name and by its content. */
export async function parseFile(path: string, { bytes, cut }: FileContent): Promise<ParsedFile> {
  const name = basename(path);
  const text = await decodeText(cut ? wholeCharacters(bytes) : bytes);
  if (text === null) {
    return { type: "skipped", reason: "binary" };
  }
  if (text.trim() === "") {
    return { type: "skipped", reason: "empty" };
  }
  if (hasSecretKey(text)) {
    return { type: "skipped", reason: "secret" };
  }
  if (isGenerated(name, text)) {
    return { type: "skipped", reason: "generated" };
  }
  const leftOut = cut ? `only the first ${Math.round(bytes.length / 1024 / 1024)} MB` : null;
  return { type: "parsed", document: { text, layout: layoutOf(name), parts: [], leftOut } };
}
