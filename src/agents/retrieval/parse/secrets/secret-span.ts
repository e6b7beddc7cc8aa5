/** A stretch of a text that is secret, in UTF-16 units. */
export interface SecretSpan {
  readonly start: number;
  /** Behind its last character. */
  readonly end: number;
}
