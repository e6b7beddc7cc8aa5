/** A value as one line of JSON: no reader of lines finds an end of line in it. */
export function jsonLine(value: unknown): string {
  const escaped = JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
  return `${escaped}\n`;
}
