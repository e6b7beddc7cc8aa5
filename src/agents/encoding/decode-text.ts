import { isUtf8 } from "node:buffer";
import { detectEncoding, detectLegacyEncoding } from "./detect-encoding.ts";

/** Text, or `null` for bytes that are none. */
export type DecodedText = string | null;

const headBytes = 64 * 1024;
/** What a terminal is told beside the text: colours and the like (ECMA-48, 5.4). */
// oxlint-disable-next-line no-control-regex -- an escape begins each
const terminalSequence = /\u001b(?:\[[\d;?]{0,32}[A-Za-z]|[()][A-Z0-9])/g;
/** Control characters that no text has. Bell and backspace stand in what a terminal recorded. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const control = /[\0-\x08\x0e-\x1a\x1c-\x1f]/g;
// oxlint-disable-next-line no-control-regex -- most texts have none
const anyControl = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;

/**
 * Decodes the bytes of a file whose encoding nobody has said, without its byte order mark.
 *
 * @returns `null` for content that is no text in any encoding
 */
export async function decodeText(bytes: Buffer): Promise<DecodedText> {
  if (!bytes.includes(0) && isUtf8(bytes)) {
    const text = bytes.toString("utf8");
    return tooManyControls(text.slice(0, headBytes)) ? null : text.replace(/^\ufeff/, "");
  }
  const head = bytes.subarray(0, headBytes);
  const promised = await detectEncoding(head);
  const unicode = promised.name.startsWith("utf-8");
  if (unicode && (bytes.includes(0) || promised.bomBytes > 0)) {
    const text = bytes.subarray(promised.bomBytes).toString("utf8");
    return tooManyControls(text.slice(0, headBytes)) ? null : text;
  }
  // Valid at its beginning only: the whole says what it is.
  const encoding = unicode ? await detectLegacyEncoding(bytes) : promised;
  const { legacyDecoder } = await import("./legacy-encoding.ts");
  const decoder = encoding.name.startsWith("utf-8") ? null : legacyDecoder(encoding.name);
  const body = bytes.subarray(encoding.bomBytes);
  const text = decoder === null ? body.toString("utf8") : decoder.decode(body) + decoder.end();
  return tooManyControls(text.slice(0, headBytes)) || isGuessedFromNoise(text, encoding.confidence) ? null : text;
}

function tooManyControls(head: string): boolean {
  if (!anyControl.test(head)) {
    return false;
  }
  const controls = head.replace(terminalSequence, "").match(control)?.length ?? 0;
  return controls > head.length * 0.001 + (head.includes("\0") ? 1 : 4);
}

/** Text in which much is replaced or private, in an encoding that nothing speaks for. */
function isGuessedFromNoise(text: string, confidence: number): boolean {
  const head = text.slice(0, headBytes);
  const strange = head.match(/[\ufffd\x80-\x9f\ue000-\uf8ff]/g)?.length ?? 0;
  return strange > head.length * (confidence < 0.5 ? 0.02 : 0.1);
}
