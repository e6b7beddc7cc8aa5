import { keyCandidates } from "./secrets/key-candidates.ts";
import { keysByForm } from "./secrets/key-forms.ts";
import { passwords } from "./secrets/passwords.ts";
import { privateKeys } from "./secrets/private-keys.ts";

/** A text whose keys are masked. */
export interface MaskedText {
  /** As long as the text, with its line ends. */
  readonly text: string;
  readonly keys: number;
  /** Share of the text that private keys take with the lines around them, 0 to 1; white space counts for nothing. */
  readonly privateShare: number;
}

/** Puts asterisks in the place of keys and passwords of known forms, so that places in the text stay what they are. */
export function maskKeys(text: string): MaskedText {
  const privates = privateKeys(text);
  const inner = privates.flatMap(({ secrets }) => secrets);
  const candidates = keyCandidates(text);
  const others = [...keysByForm(text, candidates), ...passwords(text, candidates)];
  if (inner.length + others.length === 0) {
    return { text, keys: 0, privateShare: 0 };
  }
  const spans = [...inner, ...others].toSorted((a, b) => a.start - b.start || b.end - a.end);
  const pieces: string[] = [];
  let at = 0;
  let keys = privates.length;
  const isInner = new Set(inner);
  for (const span of spans) {
    const start = Math.max(span.start, at);
    if (span.end > start) {
      pieces.push(text.slice(at, start), "*".repeat(span.end - start));
      keys += isInner.has(span) || start > span.start ? 0 : 1;
      at = span.end;
    }
  }
  pieces.push(text.slice(at));
  const whole = privates.map(({ whole: { start, end } }) => text.slice(start, end)).join("");
  const privateShare = whole === "" ? 0 : inked(whole) / inked(text);
  return { text: pieces.join(""), keys, privateShare };
}

/** Characters that are no white space. */
function inked(text: string): number {
  return text.replace(/\s+/g, "").length;
}
