import type { SecretSpan } from "./secret-span.ts";

/** Names under which passwords and keys are kept. What a longer name says beside it stands before. */
const name =
  "(?:password|passwd|passphrase|pwd|passwort|secret|api[_-]?key|access[_-]?key|private[_-]?key|secret[_-]?key|encryption[_-]?key|auth[_-]?key|token)(?:[_-]?(?:prod|production|dev|live|value|\\d{1,2}))?";

/** A string that is given to such a name, in code, in JSON and in settings. */
const assigned = new RegExp(
  `${name}["'\`]?\\]?[ \\t]{0,8}(?::[ \\t]?[A-Za-z]{2,12}[ \\t]{0,8}(?=[=]))?(?::=|=>|==?=?|:)[ \\t]{0,8}[brfu]{0,2}(?<quote>["'\`])(?<key>[^\\s"'\`]{8,200})\\k<quote>`,
  "gi",
);
/** Without quotes only a line of settings is one. */
const setting = new RegExp(
  `^[ \\t]{0,40}(?:export |set |- )?[\\w.-]{0,40}${name}[ \\t]{0,8}[=:][ \\t]{0,8}(?<key>[^\\s"'\`(){}[\\]<>$,;]{8,200})[ \\t]{0,40}\\r?$`,
  "gim",
);
/** Who is let in stands in an address (RFC 3986, 3.2.1). */
const inAddress = /[a-z0-9]:\/\/[^\s:/@"'`<>]{0,80}:(?<key>[^\s@/"'`<>]{3,160})@(?=[\w[$])/gi;
/** In a text that tells how to connect, `;Password=…;`. */
const inConnection = /;[ \t]?(?:password|pwd)[ \t]?=[ \t]?(?<key>[^;"'`\s<>]{4,160})(?=[;"'`\s]|$)/gi;

const tellsOfPassword = /pass|pwd|secret|key|token|:\/\//i;

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
export function passwords(text: string): readonly SecretSpan[] {
  if (!tellsOfPassword.test(text)) {
    return [];
  }
  return [
    ...spansOf(text, assigned, isPassword),
    ...spansOf(text, setting, (key) => isPassword(key) && /\d/.test(key) && sign.test(key)),
    ...(text.includes("://") ? spansOf(text, inAddress, isNoPlaceholder) : []),
    ...spansOf(text, inConnection, isNoPlaceholder),
  ];
}

function spansOf(text: string, form: RegExp, isOne: (key: string) => boolean): readonly SecretSpan[] {
  const found: SecretSpan[] = [];
  for (const { 0: match, index, groups } of text.matchAll(form)) {
    const key = groups?.["key"] ?? "";
    const start = index + match.lastIndexOf(key);
    if (isOne(key)) {
      found.push({ start, end: start + key.length });
    }
  }
  return found;
}

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
