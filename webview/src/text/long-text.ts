/** What fits into eight lines of a narrow sidebar. */
const mostLines = 8;
const charactersPerLine = 40;

/** Whether a text takes more than about eight lines; wide characters count twice. */
export function isLong(text: string): boolean {
  let lines = 0;
  for (const line of text.split("\n", mostLines + 1)) {
    const wide = line.match(/[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7a3\uff00-\uff60]/gu)?.length ?? 0;
    lines += Math.max(1, Math.ceil((line.length + wide) / charactersPerLine));
  }

  return lines > mostLines;
}
