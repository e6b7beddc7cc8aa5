import type { ColumnType } from "../../protocol/table-profile.ts";
import type { ColumnEvidence } from "./column-evidence.ts";
import { formatFor, type DateOrder } from "./parse-date.ts";

/** What a column is, and how its dates are read. */
export interface DecidedType {
  readonly type: ColumnType;
  readonly dateOrder: DateOrder | null;
  /** Day and month could be either in every row. */
  readonly ambiguous: boolean;
  /** strftime terms; absent when several formats occur. */
  readonly format?: string;
  /** An identifier that is a whole number, and is read as one. */
  readonly whole?: boolean;
  /** Every value is text behind a sign that keeps spreadsheets from computing: `="007"`. */
  readonly wrapped?: boolean;
}

/** What else decides: the name of the column and how its values repeat. */
export interface TypeContext {
  readonly name: string;
  readonly values: number;
  readonly distinct: number;
  readonly onlyHasAndHasNot: boolean;
}

const plain = (type: ColumnType): DecidedType => ({ type, dateOrder: null, ambiguous: false });

const yearName = /(^|[^a-z])(year|yr|années?|jahr|año)([^a-z]|$)|年份|年度|^年$/iu;
const dateName = /date|day|日期|时间|年月日|(^|_)dt($|_)/iu;
const idName =
  /(^|[^a-z])(ids?|no(?![ _.]*of)|code|nr|uid|uuid|sku|imei|phone|mobile)([^a-z]|$)|^(index|idx|key|serial|row|rownum|row_number|unnamed: 0|#)$|编号|序号|代码|编码|区号|号码|账号|身份证|学号|订单号|单号|电话|手机|卡号/iu;
const versionName = /(^|[^a-z])(ver|versions?|releases?|section|chapter)([^a-z]|$)|版本|章节/iu;
const camelId = /[a-z](Id|ID|No|Code)$/u;

/** The header says names or numbers that identify. */
export function isIdName(name: string): boolean {
  return idName.test(name) || camelId.test(name);
}

function wholeNumbers(evidence: ColumnEvidence, context: TypeContext): DecidedType {
  const { min, max } = evidence.numbers;
  if (yearName.test(context.name) && min >= 1000 && max <= 2200) {
    return plain("year");
  }
  if (dateName.test(context.name) && min >= 19000101 && max <= 21001231 && isDayNumber(min) && isDayNumber(max)) {
    return { type: "date", dateOrder: "fixed", ambiguous: false, format: "%Y%m%d" };
  }
  if (evidence.kinds["big-integer"] > 0 && isIdName(context.name)) {
    return plain("identifier");
  }
  return plain("integer");
}

function isDayNumber(value: number): boolean {
  const month = Math.floor(value / 100) % 100;
  return month >= 1 && month <= 12 && value % 100 >= 1 && value % 100 <= 31;
}

function numericType(evidence: ColumnEvidence, context: TypeContext): DecidedType | null {
  const { kinds } = evidence;
  const typed = kinds["typed-number"];
  const unusual = evidence.fractional ? 0 : kinds.unusual;
  const whole = kinds.integer + kinds["big-integer"] + (evidence.fractional ? 0 : typed) + unusual;
  const numbers = kinds.integer + kinds["big-integer"] + typed + kinds.decimal + kinds.unusual;
  if (kinds["leading-zero"] > 0) {
    const digits = kinds["leading-zero"] + kinds.integer + kinds["big-integer"];
    return digits === context.values ? plain("identifier") : null;
  }
  if (numbers === context.values && isCode(evidence, context)) {
    return plain("identifier");
  }
  if (whole === context.values) {
    return wholeNumbers(evidence, context);
  }
  if (numbers === context.values) {
    return plain("decimal");
  }
  if (kinds.money > 0 && numbers + kinds.money === context.values) {
    return plain("money");
  }
  return kinds.percent > 0 && kinds.percent >= context.values * 0.9 && numbers + kinds.percent === context.values
    ? plain("percent")
    : null;
}

/** Digits that are read as they are written: versions, telephone numbers, codes that look like exponents. */
function isCode({ exponents, fractional, texts }: ColumnEvidence, { name, values }: TypeContext): boolean {
  if (fractional && versionName.test(name)) {
    return true;
  }
  const signed = texts.min?.startsWith("+") === true && texts.max?.startsWith("+") === true;
  const long = texts.length >= values * 9;
  return isIdName(name) && (exponents === values || (signed && long));
}

function dateType(evidence: ColumnEvidence, context: TypeContext): DecidedType | null {
  if (evidence.kinds.date === 0 || evidence.kinds.date !== context.values) {
    return null;
  }
  const fits = (order: DateOrder): boolean => evidence.dateRanges[order]?.count === context.values;
  const either = fits("day-first") && fits("month-first");
  const dotted = [...evidence.dateShapes.keys()].every((shape) => shape.includes("{1}.") || shape.includes("{1}-"));
  const order = fits("fixed") ? "fixed" : fits("day-first") && (!either || dotted) ? "day-first" : "month-first";
  if (!fits(order)) {
    return null;
  }
  const shapes = [...evidence.dateShapes.keys()];
  const format = shapes.length === 1 && shapes[0] !== undefined ? { format: formatFor(shapes[0], order) } : {};
  return { type: evidence.timed ? "datetime" : "date", dateOrder: order, ambiguous: either, ...format };
}

/** Values that come back again and again are categories; the rest is text. */
function wordType(evidence: ColumnEvidence, context: TypeContext): ColumnType {
  const average = evidence.texts.length / Math.max(1, context.values);
  const repeats =
    context.distinct <= context.values * 0.5 || (context.distinct <= 12 && context.distinct < context.values);
  const few = context.distinct <= 50 || context.distinct <= Math.min(2000, context.values * 0.2);
  return repeats && few && average <= 60 ? "category" : "text";
}

/** Decides what a column is, from all its values that are not missing. */
export function decideType(evidence: ColumnEvidence, context: TypeContext): DecidedType {
  const { kinds } = evidence;
  if (context.values === 0) {
    return plain("empty");
  }
  if (evidence.wrapped === context.values) {
    return { ...plain("identifier"), wrapped: true };
  }
  const known = numericType(evidence, context) ?? dateType(evidence, context);
  if (known !== null) {
    return known;
  }
  if (kinds.time === context.values) {
    return plain("time");
  }
  if (kinds.boolean + kinds["typed-boolean"] === context.values || context.onlyHasAndHasNot) {
    return plain("boolean");
  }
  const numbers =
    kinds.integer +
    kinds["big-integer"] +
    kinds.decimal +
    kinds["typed-number"] +
    kinds.money +
    kinds.percent +
    kinds.unusual;
  return Math.max(numbers, kinds.date) >= context.values * 0.5 ? plain("mixed") : plain(wordType(evidence, context));
}
