/** A text as a Python literal. */
export function pythonText(text: string): string {
  return JSON.stringify(text)
    .replace(/\\u([0-9a-f]{4})/gu, "\\u$1")
    .replaceAll("\u007f", "\\x7f");
}

/** Texts as a Python list. */
export function pythonList(texts: readonly string[]): string {
  return `[${texts.map(pythonText).join(", ")}]`;
}

const encodings: Readonly<Record<string, string>> = {
  "utf-16le": "utf-16-le",
  "utf-16be": "utf-16-be",
  "utf-32le": "utf-32-le",
  "utf-32be": "utf-32-be",
  big5: "big5hkscs",
  shift_jis: "cp932",
  "euc-kr": "cp949",
  "iso-2022-jp": "iso2022_jp_ext",
  macintosh: "mac_roman",
};

/** The name that Python has for an encoding. A byte order mark is left to Python. */
export function pythonEncoding(encoding: string, marked: boolean): string {
  if (marked && (encoding.startsWith("utf-16") || encoding.startsWith("utf-32"))) {
    return encoding.slice(0, 6);
  }
  return encodings[encoding] ?? encoding.replace(/^windows-(\d+)$/u, "cp$1");
}
