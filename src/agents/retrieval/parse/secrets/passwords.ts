import type { KeyCandidates } from "./key-candidates.ts";
import { type SecretSpan, spanOf } from "./secret-span.ts";

/** Names under which passwords and keys are kept. What a longer name says beside it stands before. */
const name =
  "(?:password|passwd|passphrase|pwd|passwort|secret|api[_-]?key|access[_-]?key|private[_-]?key|secret[_-]?key|encryption[_-]?key|auth[_-]?key|token)(?:[_-]?(?:prod|production|dev|live|value|\\d{1,2}))?";

const nameEnd = new RegExp(`${name}$`, "i");
/** The longest name and what may follow it. */
const longestName = 32;

/** A string that is given to such a name, in code, in JSON and in settings: what stands behind the name. */
const assigned =
  /["'`]?\]?[ \t]{0,8}(?::[ \t]?[A-Za-z]{2,12}[ \t]{0,8}(?=[=]))?(?::=|=>|==?=?|:)[ \t]{0,8}[brfu]{0,2}(?<quote>["'`])(?<key>[^\s"'`]{8,200})\k<quote>/iy;
/** Without quotes only a line of settings is one. */
const setting = new RegExp(
  `^[ \\t]{0,40}(?:export |set |- )?[\\w.-]{0,40}${name}[ \\t]{0,8}[=:][ \\t]{0,8}(?<key>[^\\s"'\`(){}[\\]<>$,;]{8,200})[ \\t]{0,40}\\r?$`,
  "imy",
);
/** What may stand before the name in such a line. */
const longestBefore = 90;
/** Who is let in stands in an address (RFC 3986, 3.2.1). */
const inAddress = /(?<=[a-z0-9]):\/\/[^\s:/@"'`<>]{0,80}:(?<key>[^\s@/"'`<>]{3,160})@(?=[\w[$])/iy;
/** In a text that tells how to connect, `;Password=…;`: what stands behind the name. */
const inConnection = /(?<=;[ \t]?(?:password|pwd))[ \t]?=[ \t]?(?<key>[^;"'`\s<>]{4,160})(?=[;"'`\s]|$)/iy;

/** What stands in the place of a password in a manual, or says where it is kept. */
const placeholder =
  /example|change_?-?(?:me|it|this)|your[-_]?|xxxx|\*{3}|placeholder|dummy|redacted|replace|\.{3}|…|^[<$%{[]|[<>]|\$\{|\$\(|\{\{|%\(|process\.env|environ|getenv|^env[:.]|^vault:|^arn:|^https?:|^file:|^[./~]|^data:/i;
/** A word that means a password instead of being one. */
const meansOne =
  /^(?:my|your|the|some|a|new|old|db|user|access|auth|api|client|bearer|refresh|super|top)?[-_]?(?:password|passwd|passphrase|pass|pwd|secret|token|key|api[-_]?key|username|user|admin|root|guest|postgres|mysql|mongo|redis|rabbitmq|test|testing|none|null|undefined|hunter)(?:[-_]?(?:key|token|value|here|field|\d{1,4}))?$/i;
const identifier = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Signs that stand in passwords and hardly in names. */
const sign = /[!@#%^&*+=~?]/;

/** Finds passwords by the name that they are given to, and those in addresses. */
export function passwords(text: string, { names, addresses }: KeyCandidates): readonly SecretSpan[] {
  const found: SecretSpan[] = [];
  const look = (form: RegExp, at: number, isOne: (key: string) => boolean): number => {
    form.lastIndex = at;
    const match = form.exec(text);
    found.push(...(match === null ? [] : spanOf(match, isOne)));
    return match === null ? at : form.lastIndex;
  };
  let done = 0;
  for (let at = 0; at < names.length; at += 2) {
    const [start, end] = [names[at] ?? 0, names[at + 1] ?? 0];
    if (nameEnd.test(text.slice(Math.max(start, end - longestName), end))) {
      done = start < done ? done : look(assigned, end, isPassword);
      look(inConnection, end, isNoPlaceholder);
      const line = lineStart(text, start);
      if (start - line <= longestBefore) {
        look(setting, line, (key) => isPassword(key) && /\d/.test(key) && sign.test(key));
      }
    }
  }
  addresses.forEach((at) => look(inAddress, at, isNoPlaceholder));
  return found;
}

/** Where the line begins in which a position is, or a place too far before it. */
function lineStart(text: string, position: number): number {
  let at = position;
  const least = Math.max(0, position - longestBefore - 1);
  while (at > least && !lineEnd.test(text.charAt(at - 1))) {
    at -= 1;
  }
  return at;
}

const lineEnd = /[\n\r\u2028\u2029]/;

function isNoPlaceholder(key: string): boolean {
  return !placeholder.test(key) && !meansOne.test(key);
}

/** A password has letters, and digits or signs that no name has. */
function isPassword(key: string): boolean {
  if (!isNoPlaceholder(key) || identifier.test(key) || !/[A-Za-z]/.test(key)) {
    return false;
  }
  return /\d/.test(key) || (sign.test(key) && /[a-z]/.test(key) && /[A-Z]/.test(key));
}
