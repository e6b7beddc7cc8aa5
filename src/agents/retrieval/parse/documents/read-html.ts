import { isUtf8 } from "node:buffer";
import { decodeText } from "../../../encoding/decode-text.ts";
import { markLength } from "../../../encoding/detect-encoding.ts";
import { type ParsedFile, skipped } from "../parsed-document.ts";
import { DocumentText } from "./document-text.ts";
import { addHtml } from "./html-text.ts";

const declared = /<(?:meta[^>]+charset\s*=|\?xml[^>]+encoding\s*=)\s*["']?\s*([\w-]+)/iu;
const headBytes = 4096;
/** Names that pages use for encodings of which they mean a larger one (https://encoding.spec.whatwg.org). */
const meant: Readonly<Record<string, string>> = {
  gb2312: "gb18030",
  gbk: "gb18030",
  "iso-8859-1": "windows-1252",
  ascii: "windows-1252",
  "us-ascii": "windows-1252",
};

/** The text of a web page, under its headings. */
export async function readHtml(bytes: Buffer): Promise<ParsedFile> {
  const page = await decodePage(bytes);
  if (page === null) {
    return skipped("broken");
  }
  const text = new DocumentText();
  text.beginPart(null);
  const title = addHtml(page, text);
  if (title !== "") {
    text.namePart(title);
  }
  return text.end();
}

/** A page says its encoding itself; where it is valid UTF-8 or marked, that is believed first. */
export async function decodePage(bytes: Buffer): Promise<string | null> {
  const name = declared.exec(bytes.toString("latin1", 0, headBytes))?.[1]?.toLowerCase();
  const isMarked = ["utf-8", "utf-16le", "utf-16be"].some((encoding) => markLength(bytes, encoding) > 0);
  if (name === undefined || name.startsWith("utf") || isMarked || bytes.includes(0) || isUtf8(bytes)) {
    return await decodeText(bytes);
  }
  const { canDecode, legacyDecoder } = await import("../../../encoding/legacy-encoding.ts");
  const encoding = meant[name] ?? name;
  if (!canDecode(encoding)) {
    return await decodeText(bytes);
  }
  const decoder = legacyDecoder(encoding);
  return decoder.decode(bytes) + decoder.end();
}
