import mammoth from "mammoth";
import { type ParsedFile, skipped } from "../parsed-document.ts";
import { DocumentText } from "./document-text.ts";
import { addHtml } from "./html-text.ts";
import { TooLargeArchive, unpackParts } from "./zip-parts.ts";

/** Comments and titles are read too; pictures are not. */
const styleMap = [
  "comment-reference => sup",
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Subtitle'] => h2:fresh",
];

/** Leads from a note or a comment back to its place. */
const backReference = / ?<a href="#[^"]*-ref-[^"]*">↑<\/a>/gu;

/** The text of a Word document: headings, lists, tables by row, footnotes and comments behind the text. */
export async function readDocx(bytes: Buffer): Promise<ParsedFile> {
  const archive = repacked(bytes);
  if (typeof archive === "string") {
    return skipped(archive);
  }
  const { value } = await mammoth.convertToHtml(
    { buffer: archive },
    { styleMap, convertImage: noPicture, externalFileAccess: false },
  );
  const text = new DocumentText();
  addHtml(value.replace(backReference, ""), text);
  return text.end();
}

const noPicture = mammoth.images.imgElement(() => Promise.resolve({ src: "" }));

/** The library holds a tree of all elements, which takes many times the memory that their text takes. */
const mostBytes = 64 * 1024 * 1024;

/** The parts that hold text, and no more of them than fits: mammoth unpacks whatever an archive says. */
function repacked(bytes: Buffer): Buffer | "too-large" | "broken" {
  try {
    return unpackParts(bytes, (name) => /\.(?:xml|rels)$/iu.test(name), mostBytes).archive();
  } catch (error) {
    return error instanceof TooLargeArchive ? "too-large" : "broken";
  }
}
