/** One line of text that Markdown leaves as it is. */
export function plainText(text: string): string {
  return text
    .replaceAll(/\s+/gu, " ")
    .replaceAll(/[\\`*_{}[\]<>#|~]/gu, String.raw`\$&`)
    .replaceAll(/\b(https?|ftp):\/\//giu, String.raw`$1:\//`);
}
