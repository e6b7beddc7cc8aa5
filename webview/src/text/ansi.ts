// Escape sequences per ECMA-48: CSI, OSC (ended by BEL or ST), and two-character escapes.
// oxlint-disable-next-line eslint/no-control-regex -- escape sequences are control characters
const escapes = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\-_])/gu;

/** Terminal output as text: no escape sequences, and a line rewritten by carriage returns as it last stood. */
export function plainOutput(text: string): string {
  const stripped = text.includes("\u001B") ? text.replace(escapes, "") : text;
  return stripped.includes("\r") ? stripped.replaceAll("\r\n", "\n").replaceAll(/^.*\r(?=[^\n])/gmu, "") : stripped;
}
