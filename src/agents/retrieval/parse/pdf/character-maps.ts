import { readFile } from "node:fs/promises";

/** Where the character maps of pdf.js lie: beside the bundle, or in its package when this runs from its source. */
function mapFolder(): URL {
  const here = import.meta.url;
  return here.endsWith(".ts")
    ? new URL("cmaps/", import.meta.resolve("pdfjs-dist/package.json"))
    : new URL("./cmaps/", here);
}

/** Names that pdf.js asks for are those of a PDF: only a plain name is looked for. */
const plainName = /^[\w.-]+\.bcmap$/u;

/**
 * Gives pdf.js the character maps that PDFs name instead of bringing them along, as Chinese, Japanese and Korean ones do.
 * Nothing else is given to it, and nothing is fetched.
 */
export class CharacterMaps {
  /** @throws Error for what is no character map */
  async fetch({ kind, filename }: { readonly kind: string; readonly filename: string }): Promise<Uint8Array> {
    if (kind !== "cMapUrl" || !plainName.test(filename)) {
      throw new Error(`"${filename}" is not given to a document.`);
    }
    return new Uint8Array(await readFile(new URL(filename, mapFolder())));
  }
}
