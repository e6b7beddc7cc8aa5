import { wholeCharacters } from "../../encoding/detect-encoding.ts";
import { kindOf } from "./document-kind.ts";
import { addLeftOut, extractDocument } from "./extract-document.ts";
import { type ParsedFile, skipped } from "./parsed-document.ts";
import type { FileContent } from "./read-file.ts";

/** Makes text of the bytes of a file, by its name and by its content. Of a file that is cut only text is read. */
export async function parseFile(path: string, { bytes, cut }: FileContent): Promise<ParsedFile> {
  if (!cut) {
    return await extractDocument(path, bytes);
  }
  const kind = kindOf(path, bytes);
  if (kind.type === "document" || (kind.type === "skipped" && kind.reason === "broken")) {
    return skipped("too-large");
  }
  const parsed = await extractDocument(path, wholeCharacters(bytes));
  const what = `first-megabytes ${Math.round(bytes.length / 1024 / 1024)}`;
  return parsed.type === "parsed" ? { ...parsed, document: addLeftOut(parsed.document, what) } : parsed;
}
