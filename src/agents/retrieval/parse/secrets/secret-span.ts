/** A stretch of a text that is secret, in UTF-16 units. */
export interface SecretSpan {
  readonly start: number;
  /** Behind its last character. */
  readonly end: number;
}

/** Where the part named `key` of a match stands, when it is a secret. */
export function spanOf(
  { 0: match, index, groups }: RegExpExecArray,
  isSecret: (key: string) => boolean,
): readonly SecretSpan[] {
  const key = groups?.["key"] ?? "";
  const start = index + match.lastIndexOf(key);
  return isSecret(key) ? [{ start, end: start + key.length }] : [];
}
