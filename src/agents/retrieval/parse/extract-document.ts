import { basename } from "node:path";
import { decodeText } from "../../encoding/decode-text.ts";
import { type FileKind, kindOf } from "./document-kind.ts";
import { layoutOf } from "./layout-of.ts";
import { maskKeys } from "./mask-keys.ts";
import { type ParsedDocument, type ParsedFile, skipped } from "./parsed-document.ts";
import { isPrivateKey } from "./secrets.ts";
import { readInThread } from "./thread/document-thread.ts";

/** Code that a program wrote for programs has lines that nobody reads. */
const generatedLineLength = 5000;
const generatedHead = 50_000;
const generatedKinds = /\.(?:js|mjs|cjs|css|map|svg)$/i;
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

/**
 * Takes the text out of a file, by its content and by its name: the one way in which the index, citations and the
 * editor's view of a document come to it, so that places in the text mean the same everywhere. Documents other than text
 * are read in a thread of their own, within limits of time and memory, one after the other.
 *
 * @param path only the name at its end matters
 * @param bytes the whole file
 * @param known what the file is, where that is known
 */
export async function extractDocument(path: string, bytes: Buffer, known?: FileKind): Promise<ParsedFile> {
  const name = basename(path);
  if (bytes.length === 0) {
    return skipped("empty");
  }
  const kind = known ?? kindOf(name, bytes);
  if (kind.type === "skipped") {
    return kind;
  }
  const parsed = kind.type === "text" ? await readText(name, bytes) : await readInThread(kind.kind, bytes);
  return parsed.type === "parsed" ? withoutKeys(parsed.document) : parsed;
}

/** As {@link extractDocument}, of what is known to be text. */
export async function extractText(path: string, bytes: Buffer): Promise<ParsedFile> {
  const parsed = await readText(basename(path), bytes);
  return parsed.type === "parsed" ? withoutKeys(parsed.document) : parsed;
}

async function readText(name: string, bytes: Buffer): Promise<ParsedFile> {
  const text = await decodeText(bytes);
  if (text === null) {
    return skipped("binary");
  }
  if (text.trim() === "") {
    return skipped("empty");
  }
  return isGenerated(name, text)
    ? skipped("generated")
    : { type: "parsed", document: { text, layout: layoutOf(name), parts: [], leftOut: null } };
}

/** A text that is a key is left out; one that holds some is read with the keys masked, and that is said. */
function withoutKeys(document: ParsedDocument): ParsedFile {
  const { text, keys, privateShare } = maskKeys(document.text);
  if (isPrivateKey(document.text, privateShare)) {
    return skipped("secret");
  }
  return { type: "parsed", document: keys === 0 ? document : addLeftOut({ ...document, text }, `masked-keys ${keys}`) };
}

/** A document of which something more is left out. */
export function addLeftOut(document: ParsedDocument, what: string): ParsedDocument {
  return { ...document, leftOut: document.leftOut === null ? what : `${document.leftOut}; ${what}` };
}
