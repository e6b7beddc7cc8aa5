/**
 * Keys by which services know who calls: their form says what they are. The part named `key` is the secret; `hint` is what
 * its form cannot do without.
 */
const keyForms: readonly { readonly hint: string; readonly form: RegExp }[] = [
  { hint: "AKIA|ASIA", form: /\b(?<key>(?:AKIA|ASIA)[A-Z2-7]{16})\b/g },
  {
    hint: "ecret_?[Aa]ccess|ECRET_?ACCESS",
    form: /(?:aws_?)?secret_?access_?key["'\s:=>]{1,6}(?<key>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])/gi,
  },
  { hint: "\\bgh[pousr]_", form: /\b(?<key>gh[pousr]_[A-Za-z0-9]{36,255})\b/g },
  { hint: "github_pat_", form: /\b(?<key>github_pat_[A-Za-z0-9_]{60,255})\b/g },
  { hint: "gl(?:pat|dt|rt|ptt)-", form: /\b(?<key>gl(?:pat|dt|rt|ptt)-[\w-]{20,})/g },
  { hint: "xox[abeoprs]-", form: /\b(?<key>xox[abeoprs]-[A-Za-z0-9-]{16,})/g },
  { hint: "hooks\\.slack", form: /hooks\.slack\.com\/services\/(?<key>T\w+\/B\w+\/\w{16,})/g },
  { hint: "\\bsk-[\\w-]{32}", form: /\b(?<key>sk-(?:proj-|svcacct-|ant-|or-v1-)?[\w-]{32,})/g },
  { hint: "AIza", form: /\b(?<key>AIza[\w-]{35})(?![\w-])/g },
  { hint: "GOCSPX-", form: /\b(?<key>GOCSPX-[\w-]{28})(?![\w-])/g },
  { hint: "k_live_", form: /\b(?<key>[rs]k_live_[0-9A-Za-z]{20,})\b/g },
  { hint: "\\bnpm_[A-Za-z0-9]{36}", form: /\b(?<key>npm_[A-Za-z0-9]{36})\b/g },
  { hint: "pypi-", form: /\b(?<key>pypi-[\w-]{60,})/g },
  { hint: "\\bhf_", form: /\b(?<key>hf_[A-Za-z0-9]{34})\b/g },
  { hint: "\\bSG\\.", form: /\b(?<key>SG\.[\w-]{22}\.[\w-]{43})(?![\w-])/g },
  { hint: "do[opr]_v1_", form: /\b(?<key>do[opr]_v1_[a-f0-9]{64})\b/g },
  { hint: "AccountKey=", form: /\bAccountKey=(?<key>[A-Za-z0-9+/]{80,}={0,2})/g },
  { hint: "client-key-data:", form: /\bclient-key-data:\s*(?<key>[A-Za-z0-9+/]{40,}={0,2})/g },
  { hint: ":_(?:authToken|password)", form: /\/\/[^\s/]+\/:_(?:authToken|password)\s*=\s*"?(?<key>[^\s"$]{16,})/g },
  {
    hint: "-----BEGIN ",
    form: /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?<key>(?:[\s"',;+]|\\[rn])*(?:[A-Za-z0-9-]+: [^\n]*\s+)*(?:[A-Za-z0-9+/=]{16,}(?:[\s"',;+]|\\[rn])*)+)/g,
  },
];

/** What no text with a key is without: most texts are looked through once. */
const anyHint = new RegExp(keyForms.map(({ hint }) => hint).join("|"));

/** Fewer different characters, or words like these, make a key of which a manual speaks. */
const fewestCharacters = 10;
const spoken = /example|your[-_]?|xxxx|\*{3}|placeholder|dummy|redacted|0{8}|1234567890/i;

/** What stands between lines like this is a key, whatever it looks like. */
const keyBlock = "-----BEGIN";

/** A text whose keys are masked. */
export interface MaskedText {
  /** As long as the text, with its line ends. */
  readonly text: string;
  readonly keys: number;
  /** Share of the text that they took, 0 to 1. */
  readonly share: number;
}

/** Puts asterisks in the place of keys and passwords of known forms, so that places in the text stay what they are. */
export function maskKeys(text: string): MaskedText {
  if (!anyHint.test(text)) {
    return { text, keys: 0, share: 0 };
  }
  const spans = keyForms
    .flatMap(({ form }) => [...text.matchAll(form)])
    .flatMap(({ 0: match, index, groups }) => {
      const key = groups?.["key"] ?? "";
      const start = index + match.lastIndexOf(key);
      return !match.startsWith(keyBlock) && isSpokenOf(key) ? [] : [{ start, end: start + key.length }];
    })
    .toSorted((a, b) => a.start - b.start);
  if (spans.length === 0) {
    return { text, keys: 0, share: 0 };
  }
  const pieces: string[] = [];
  let at = 0;
  let keys = 0;
  let masked = 0;
  for (const { start, end } of spans) {
    if (start >= at) {
      pieces.push(text.slice(at, start), text.slice(start, end).replace(/[^\r\n]/g, "*"));
      masked += end - start;
      keys += 1;
      at = end;
    }
  }
  pieces.push(text.slice(at));
  return { text: pieces.join(""), keys, share: masked / text.length };
}

function isSpokenOf(key: string): boolean {
  return new Set(key).size < fewestCharacters || spoken.test(key);
}
