import { extname } from "node:path";

/** Most characters of a name without its extension. */
const nameLength = 60;
/** Names that mean a device on Windows, whatever their extension. */
const deviceName = /^(?:con|prn|aux|nul|com\d|lpt\d)$/iu;
/** What some file system refuses in a name. */
const refusedCharacters = /[\\/:*?"<>|\p{Cc}]/gu;
/** What is said of a picture without any title. */
const untitled = /^Figure with \d+ plots?, untitled$|^\w+ picture$/u;

/**
 * A file name for a saved picture, after its title.
 *
 * @param alt What the picture shows: titles joined by ` · `, each followed by its axes as `(x: Year, y: Deaths)`.
 * @param file The name that it has in the session's folder; its extension is kept.
 * @returns A name that every file system takes.
 */
export function pictureName(alt: string, file: string): string {
  const [first = ""] = alt.split(" · ");
  const [, title = "", axes = ""] = /^(.*?)\s*(?:\(((?:x|y): .*)\))?$/su.exec(first) ?? [];
  const words = untitled.test(first) ? "" : title || axes.replaceAll(/\b[xy]: /gu, "");
  return `${safeName(words)}${extname(file)}`;
}

function safeName(words: string): string {
  const plain = words.replaceAll(refusedCharacters, " ").replaceAll(/\s+/gu, " ");
  const short = Array.from(new Intl.Segmenter().segment(plain.trim()), ({ segment }) => segment).slice(0, nameLength);
  const name = short.join("").replaceAll(/^[. ]+|[. ]+$/gu, "");
  return name === "" || deviceName.test(name) ? "plot" : name;
}
