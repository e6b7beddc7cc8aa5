import type { NumberStyle } from "../readers/table-source.ts";

/** What one written cell is. `missing`: a word that may mean missing. */
export type CellKind =
  | "integer"
  | "big-integer"
  | "leading-zero"
  | "decimal"
  | "money"
  | "percent"
  /** A number written as plain parsers do not take it: `5.00-`, `−5`, `１２３`, `1.2万`. */
  | "unusual"
  | "boolean"
  | "date"
  | "time"
  | "missing"
  | "text";

const dotStyle: NumberStyle = { decimal: ".", thousands: null };

/** Currency signs and codes around an amount. */
const currency =
  "(?:US\\$|HK\\$|NT\\$|R\\$|[AC]\\$|[$€£¥￥₹₩₽₺₴₪฿₫₦元円원]|RMB|CNY|USD|EUR|GBP|JPY|CHF|CAD|HKD|INR|KRW|RUB|Rs|Fr)";
/** Signs that only stand behind an amount. */
const currencyBehind = "(?:kr|zł|Kč|Ft|руб|лв|SEK|NOK|DKK|PLN|CZK|HUF|BRL|AUD|NZD|SGD|TWD|TRY|MXN|ZAR|THB|VND)";
const hasCurrency = new RegExp(`${currency}|${currencyBehind}`, "u");
const moneyPattern = new RegExp(
  `^\\(?[+\\-−]?\\s?(?:${currency}\\s?[+\\-−]?)?([\\d.,'’\\s]*\\d[\\d.,]*)\\s?(?:${currency}|${currencyBehind})?\\s?-?\\)?$`,
  "u",
);
const blankMarks = /[\s'’]/gu;

/** Words that may mean missing, in lower case. */
const missingWords = new Set([
  ..."na n/a #n/a #na n.a. n.a nan -nan null (null) none nil <na> \\n - -- --- — —— – / . .. ... ? ?? missing unknown".split(
    " ",
  ),
  ..."#value! #ref! #div/0! #name? #null! #num! 1.#ind -1.#ind 1.#qnan -1.#qnan".split(" "),
  ..."缺失 无 無 空 空值 未知 不详 不詳 暂无 暂缺 无数据 没有数据 未填 未填写 不适用".split(" "),
  "#n/a n/a",
]);

const truthWords = new Set(["true", "false", "yes", "no", "是", "否", "对", "错", "真", "假"]);

const infinityWords = ["inf", "infinity"];

/** Every word without a digit that is no text, in lower case. */
export const knownWords: readonly string[] = [...missingWords, ...truthWords, ...infinityWords];

const timePattern = /^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?$/u;
const datePattern =
  /^(\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?|\d{1,2}([-/.])\d{1,2}\3\d{2,4}|\d{4}年(\d{1,2}月(\d{1,2}日)?)?|\d{1,2}[- ][A-Za-z]{3,9}[- ,]{1,2}\d{2,4}|[A-Za-z]{3,9} \d{1,2},? \d{4})([T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AP]M)?( ?(Z|UTC|[+-]\d{2}:?\d{2}))?)?$/u;

const longestWord = 12;

/** The word may mean missing. */
export function isMissingWord(text: string): boolean {
  const word = text.trim();
  return word.length <= longestWord && missingWords.has(word.toLowerCase());
}

/** The word says yes or no, in English or Chinese. */
export function isTruthWord(text: string): boolean {
  const word = text.trim();
  return word.length <= longestWord && truthWords.has(word.toLowerCase());
}

/** The text may be a date, by its shape. */
export function isDateShaped(text: string): boolean {
  return datePattern.test(text);
}

/** A digit stands at `at`. */
function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** `2024-01-31`, alone or before a time: what dates mostly are. */
function isIsoDay(text: string): boolean {
  return (
    (text.length === 10 || text.length === 19) &&
    text.charCodeAt(4) === 45 &&
    text.charCodeAt(7) === 45 &&
    isDateShaped(text)
  );
}

function hasDigit(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    if (isDigit(text, at)) {
      return true;
    }
  }
  return false;
}

/** Digits only, with a sign perhaps: the length without sign, or 0. */
function digitsOnly(text: string): number {
  const first = text.charCodeAt(0);
  const from = first === 45 || first === 43 ? 1 : 0;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) {
      return 0;
    }
  }
  return text.length - from;
}

const infinity = /^[+-]?inf(inity)?$/iu;
const plainDecimal = /^[+-]?(\d+\.\d*|\.\d+|\d+)([eE][+-]?\d+)?$/u;

/** Lakhs and crores: groups of two before the last three digits. */
const indianGroups = /^[+-]?\d{1,2}(,\d{2})+,\d{3}$/u;

/** A number without its thousands marks; unchanged, and so no number, where they do not part groups of three. */
function withoutGroups(text: string, { thousands, decimal }: NumberStyle): string {
  if (thousands === null || !text.includes(thousands)) {
    return text;
  }
  const [body = "", ...rest] = text.split(decimal);
  const [first = "", ...groups] = body.replace(/^[+-]/u, "").split(thousands);
  const threes = /^\d{1,3}$/u.test(first) && groups.every((group) => /^\d{3}$/u.test(group));
  const regular = threes || (thousands === "," && indianGroups.test(body));
  const fraction = rest.join(decimal);
  return (groups.length === 0 || regular) && !fraction.includes(thousands) ? text.replaceAll(thousands, "") : "?";
}

/** A number without signs of money, in the given style; `null` when it is none. Leading and trailing blanks allowed. */
export function parseNumber(text: string, style: NumberStyle = dotStyle): number | null {
  if (digitsOnly(text) > 0) {
    return Number(text);
  }
  let plain = withoutGroups(text.trim(), style);
  if (style.decimal === ",") {
    if (plain.includes(".")) {
      return null;
    }
    plain = plain.replace(",", ".");
  }
  if (plainDecimal.test(plain)) {
    return Number(plain);
  }
  return infinity.test(plain) ? (plain.startsWith("-") ? -Infinity : Infinity) : null;
}

/** An amount with a currency sign, or in accounting parentheses; `null` when it is none. */
export function parseMoney(text: string, style: NumberStyle = dotStyle): number | null {
  const trimmed = text.trim();
  const found = moneyPattern.exec(trimmed);
  const digits = found?.[1];
  const bracketed = trimmed.startsWith("(") && trimmed.endsWith(")");
  if (digits === undefined || (!bracketed && !hasCurrency.test(trimmed))) {
    return null;
  }
  const decimalComma = style.decimal === ",";
  const value = parseNumber(digits.replaceAll(blankMarks, ""), {
    decimal: style.decimal,
    thousands: style.thousands ?? (decimalComma ? "." : ","),
  });
  if (value === null) {
    return null;
  }
  const negative = bracketed || /[-−]/u.test(trimmed.replace(digits, ""));
  return negative ? -value : value;
}

/** `12.5%` as 12.5; `null` when it is none. */
export function parsePercent(text: string, style: NumberStyle = dotStyle): number | null {
  const trimmed = text.trim();
  return trimmed.endsWith("%") || trimmed.endsWith("％") ? parseNumber(trimmed.slice(0, -1), style) : null;
}

const unusualNumber = /^([+\-−－＋])?([\d０-９.,．，'’\s]*[\d０-９][\d０-９.,．，]*)(-)?\s?(百万|千万|[千万萬亿億])?$/u;
const scales: Readonly<Record<string, number>> = {
  千: 1e3,
  万: 1e4,
  萬: 1e4,
  百万: 1e6,
  千万: 1e7,
  亿: 1e8,
  億: 1e8,
};

/** Digits and marks of full width as those of ASCII. */
function halfWidth(text: string): string {
  return text.replaceAll(/[０-９．，]/gu, (character) =>
    String.fromCodePoint((character.codePointAt(0) ?? 0) - 0xfee0),
  );
}

/** Thousands marks that look alike. */
const alike = ["'’", " \u00a0\u202f\u2009"] as const;

/** Digits in which every mark that looks like the thousands mark is that mark. */
function withOneMark(digits: string, thousands: string | null): string {
  const marks = thousands === null ? undefined : alike.find((kind) => kind.includes(thousands));
  return thousands === null || marks === undefined
    ? digits
    : Array.from(digits, (character) => (marks.includes(character) ? thousands : character)).join("");
}

/**
 * A number with digits of full width, a minus of another kind or behind it, thousands marks of two kinds, or 万 and 亿;
 * `null` when it is none.
 */
export function parseUnusual(text: string, style: NumberStyle = dotStyle): number | null {
  const found = unusualNumber.exec(text.trim());
  if (found === null || text.length > 40) {
    return null;
  }
  const [, sign = "", digits = "", behind, scale] = found;
  if (behind !== undefined && sign !== "") {
    return null;
  }
  const value = parseNumber(withOneMark(halfWidth(digits), style.thousands), style);
  const negative = behind !== undefined || /[-−－]/u.test(sign);
  return value === null ? null : (negative ? -value : value) * (scales[scale ?? ""] ?? 1);
}

/** The number in a cell, however it is written; `null` when there is none. */
export function parseAmount(text: string, style: NumberStyle = dotStyle): number | null {
  return parseNumber(text, style) ?? parseMoney(text, style) ?? parsePercent(text, style) ?? parseUnusual(text, style);
}

/** Says what a written cell is. The cell is not empty. */
export function classifyCell(text: string, style: NumberStyle = dotStyle): CellKind {
  const digits = digitsOnly(text);
  if (digits > 0) {
    const signed = digits !== text.length;
    if (digits > 1 && text.charCodeAt(signed ? 1 : 0) === 48) {
      return signed ? "text" : "leading-zero";
    }
    return digits < 16 || Number.isSafeInteger(Number(text)) ? "integer" : "big-integer";
  }
  const first = text.charCodeAt(0);
  // Letters and hanzi: no number begins so, but words, names of months and currencies do.
  if ((first >= 65 && first <= 122) || first > 0x2fff) {
    return classifyWord(text, style);
  }
  return isIsoDay(text) ? "date" : classifySigned(text, style);
}

function classifySigned(text: string, style: NumberStyle): CellKind {
  if (parseNumber(text, style) !== null) {
    const trimmed = text.trim();
    if (/^0\d+$/u.test(trimmed)) {
      return "leading-zero";
    }
    const digits = style.thousands === null ? trimmed : trimmed.replaceAll(style.thousands, "");
    return /^[+-]?\d+$/u.test(digits) ? (digits.length > 16 ? "big-integer" : "integer") : "decimal";
  }
  if (isDateShaped(text.trim())) {
    return "date";
  }
  if (timePattern.test(text.trim())) {
    return "time";
  }
  if (parsePercent(text, style) !== null) {
    return "percent";
  }
  if (parseMoney(text, style) !== null) {
    return "money";
  }
  if (parseUnusual(text, style) !== null) {
    return "unusual";
  }
  return isMissingWord(text) || text.trim() === "" ? "missing" : isTruthWord(text) ? "boolean" : "text";
}

function classifyWord(text: string, style: NumberStyle): CellKind {
  if (text.length > 40) {
    return "text";
  }
  if (!hasDigit(text) && !/[０-９]/u.test(text)) {
    return isMissingWord(text)
      ? "missing"
      : isTruthWord(text)
        ? "boolean"
        : text.length <= longestWord && infinity.test(text)
          ? "decimal"
          : "text";
  }
  if (isDateShaped(text)) {
    return "date";
  }
  if (text.charCodeAt(0) > 0xff00 && parseUnusual(text, style) !== null) {
    return "unusual";
  }
  return /^(US|HK|NT|RMB|CNY|EUR|GBP|JPY|CHF|CAD|HKD|INR|KRW|RUB|R\$|Rs|C\$|￥)/u.test(text) &&
    parseMoney(text, style) !== null
    ? "money"
    : "text";
}

/** The cell is a number, a date or a time: what names of columns are not. */
export function looksTyped(text: string): boolean {
  if (text === "" || text.length > 40) {
    return false;
  }
  const kind = classifyCell(text);
  if (kind === "text") {
    return parseNumber(text, { decimal: ",", thousands: "." }) !== null || parseMoney(text) !== null;
  }
  return kind !== "missing" && kind !== "boolean";
}
