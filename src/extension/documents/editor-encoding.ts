import { type Uri, workspace } from "vscode";
import { locateWords } from "../../agents/protocol/locate-words.ts";

/** Encodings of text files, as a decoder and as the editor call them; those in which most such files are come first. */
const encodings = [
  ["gb18030", "gb18030"],
  ["big5", "cp950"],
  ["shift_jis", "shiftjis"],
  ["euc-jp", "eucjp"],
  ["euc-kr", "euckr"],
  ["utf-16le", "utf16le"],
  ["utf-16be", "utf16be"],
  ["windows-1252", "windows1252"],
  ["windows-1251", "windows1251"],
  ["koi8-r", "koi8r"],
  ["windows-1250", "windows1250"],
  ["windows-1253", "windows1253"],
  ["windows-1254", "windows1254"],
  ["windows-1255", "windows1255"],
  ["windows-1256", "windows1256"],
  ["windows-1257", "windows1257"],
  ["windows-1258", "windows1258"],
  ["windows-874", "windows874"],
  ["utf-8", "utf8"],
] as const;

/**
 * The encoding, by the editor's name, in which a file holds some words: that they are there says more than any guess
 * from bytes. `undefined` where it holds them in none.
 */
export async function encodingWithWords(uri: Uri, words: string): Promise<string | undefined> {
  const bytes = await workspace.fs.readFile(uri);
  const found = encodings.find(([label]) => {
    const located = locateWords(new TextDecoder(label).decode(bytes), words, 0);
    return located !== null && !located.partly;
  });
  return found?.[1];
}
