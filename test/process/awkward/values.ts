import type { AwkwardTable } from "./awkward-table.ts";

/** A column of one trait beside a plain one. */
interface ColumnCase {
  readonly name: string;
  readonly header?: string;
  readonly cells: readonly string[];
  readonly delimiter?: string;
  readonly sum?: number;
  readonly type?: string;
  readonly shown?: unknown;
  readonly nulls?: number;
  readonly warnings?: readonly string[];
}

function columnTable(column: ColumnCase): AwkwardTable {
  const { name, header = "value", cells, delimiter = ";", sum, type, shown, nulls, warnings } = column;
  const rows = cells.map((cell, index) => `r${index}${delimiter}${cell}\n`);
  return {
    file: `value-${name}.csv`,
    bytes: `key${delimiter}${header}\n${rows.join("")}`,
    rows: cells.length,
    names: ["key", header],
    ...(sum === undefined ? {} : { sums: { [header]: sum } }),
    ...(type === undefined ? {} : { types: { [header]: type } }),
    ...(shown === undefined ? {} : { cells: [[0, 1, shown]] }),
    ...(nulls === undefined ? {} : { nulls: { [header]: nulls } }),
    ...(warnings === undefined ? {} : { warnings }),
  };
}

const numbers: readonly ColumnCase[] = [
  { name: "decimal-comma", cells: ["1,5", "2,25", "-3"], sum: 0.75, type: "decimal" },
  { name: "german", cells: ["1.234,50", "12.345.678,00", "-2,5"], sum: 12346910, type: "decimal" },
  { name: "german-whole", cells: ["1.234.567", "2.345.678", "12"], sum: 3580257, type: "integer" },
  { name: "space", cells: ["1 234,50", "12 345", "7"], sum: 13586.5 },
  { name: "space-point", cells: ["1 234.50", "12 345", "7"], sum: 13586.5 },
  { name: "no-break-space", cells: ["1\u00a0234,50", "12\u00a0345", "7"], sum: 13586.5 },
  { name: "narrow-space", cells: ["1\u202f234,50", "12\u202f345", "7"], sum: 13586.5 },
  { name: "thin-space", cells: ["1\u2009234.50", "12\u2009345", "7"], sum: 13586.5 },
  { name: "apostrophe", cells: ["1'234.50", "12'345", "7"], sum: 13586.5 },
  { name: "curly-apostrophe", cells: ["1’234.50", "12’345", "7"], sum: 13586.5 },
  { name: "us", cells: ["1,234.50", "12,345", "7"], sum: 13586.5 },
  { name: "us-whole", cells: ["1,234", "12,345", "7"], sum: 13586, type: "integer" },
  { name: "indian", cells: ["12,34,567.50", "1,00,000", "99"], sum: 1334666.5 },
  { name: "full-width", cells: ["１２３", "４５", "６"], sum: 174 },
  { name: "unicode-minus", cells: ["−5", "3", "−2.5"], sum: -4.5 },
  { name: "trailing-minus", cells: ["5.00-", "3.00", "1,200.50-"], sum: -1202.5 },
  { name: "accounting", cells: ["(5.00)", "3.00", "(1,200.50)"], sum: -1202.5 },
  { name: "plus", cells: ["+5", "-3", "+2.5"], sum: 4.5 },
  { name: "scientific", cells: ["1.5E-05", "2e3", "-1E+2"], sum: 1900.000015 },
  { name: "scientific-comma", cells: ["1,5E-05", "2,5e3", "-1,0E+2"], sum: 2400.000015 },
  { name: "leading-point", cells: [".5", "-.25", "1."], sum: 1.25 },
  { name: "padded", cells: ["  5 ", " 12", "7   "], sum: 24 },
  { name: "big-exact", cells: ["9007199254740993", "1", "2"], shown: "9007199254740993", type: "integer" },
  { name: "beyond-64-bits", cells: ["123456789012345678901", "1", "2"], shown: "123456789012345678901" },
  { name: "dollar", cells: ["$1,234.50", "-$2.00", "$0.50"], sum: 1233, type: "money" },
  { name: "dollar-inside-minus", cells: ["$1,234.50", "$-2.00", "($0.50)"], sum: 1232, type: "money" },
  { name: "euro-after", cells: ["1.234,50 €", "-2,00 €", "0,50 €"], sum: 1233, type: "money" },
  { name: "euro-word", cells: ["1.234,50 EUR", "2,00 EUR", "0,50 EUR"], sum: 1237, type: "money" },
  { name: "pound", cells: ["£1,234.50", "£2", "£0.50"], sum: 1237, type: "money" },
  { name: "yuan", cells: ["¥1,234.50", "¥2.00", "￥0.50"], sum: 1237, type: "money" },
  { name: "yuan-word", cells: ["1234.50元", "2元", "0.50元"], sum: 1237, type: "money" },
  { name: "rupee", cells: ["₹12,34,567", "₹2", "₹100"], sum: 1234669, type: "money" },
  { name: "franc", cells: ["CHF 1'234.50", "CHF 2.00", "CHF 0.50"], sum: 1237, type: "money" },
  { name: "krona", cells: ["1 234,50 kr", "2,00 kr", "0,50 kr"], sum: 1237, type: "money" },
  { name: "real", cells: ["R$ 1.234,50", "R$ 2,00", "R$ 0,50"], sum: 1237, type: "money" },
  { name: "zloty", cells: ["1 234,50 zł", "2,00 zł", "0,50 zł"], sum: 1237, type: "money" },
  { name: "code-before", cells: ["USD 1,234.50", "USD 2.00", "USD 0.50"], sum: 1237, type: "money" },
  { name: "dollar-missing", cells: ["$5.00", "-", "N/A", "$7.00", ""], sum: 12, nulls: 3, type: "money" },
  { name: "percent", cells: ["12.5%", "7%", "-1%"], sum: 18.5, type: "percent" },
  { name: "percent-comma", cells: ["12,5 %", "7 %", "-1,5 %"], sum: 18, type: "percent" },
  { name: "percent-missing", cells: ["12.5%", "", "n/a"], sum: 12.5, nulls: 2, type: "percent" },
  { name: "ten-thousands", cells: ["1.2万", "35万", "0.5万"], sum: 367000 },
  { name: "wan-and-yi", cells: ["1.2亿", "3500万", "800"], sum: 155000800 },
];

const identifiers: readonly ColumnCase[] = [
  { name: "zip", header: "zip", cells: ["02134", "10001", "94105"], shown: "02134", type: "identifier" },
  { name: "postcode-zh", header: "邮编", cells: ["010000", "100000", "200000"], shown: "010000", type: "identifier" },
  { name: "leading-zero-missing", header: "code", cells: ["007", "", "NA"], shown: "007", nulls: 2 },
  {
    name: "identity-card",
    header: "身份证号",
    cells: ["110101199003071234", "110101199003075678", "31010119900307123X"],
    shown: "110101199003071234",
  },
  {
    name: "card-digits",
    header: "卡号",
    cells: ["6222020200112233445", "6222020200112233446", "6222020200112233447"],
    shown: "6222020200112233445",
    type: "identifier",
  },
  {
    name: "phone-plus",
    header: "phone",
    cells: ["+8613800138000", "+8613900139000", "+14155550100"],
    shown: "+8613800138000",
  },
  {
    name: "phone-dashes",
    header: "phone",
    cells: ["010-12345678", "021-87654321", "0755-1234567"],
    shown: "010-12345678",
  },
  { name: "version", header: "version", cells: ["1.10", "1.9", "1.2"], shown: "1.10", type: "identifier" },
  { name: "mixed-codes", header: "sku", cells: ["0012", "A13", "14"], shown: "0012" },
  { name: "e-codes", header: "code", cells: ["1E05", "2E10", "3E07"], shown: "1E05" },
  { name: "tab-guarded", header: "订单号", cells: ["\t20230105000100200301", "\t20230105000100200302"] },
];

const words: readonly ColumnCase[] = [
  { name: "missing-mixed", cells: ["1", "NA", "N/A", "null", "-", "—", "缺失", "#N/A", ".", "2"], sum: 3, nulls: 8 },
  { name: "missing-zh", cells: ["1", "无", "暂无", "2", "不详"], sum: 3, nulls: 3 },
  { name: "missing-nine", cells: ["1", "NULL", "None", "nan", "2"], sum: 3, nulls: 3 },
  { name: "words-with-none", cells: ["无", "轻度", "重度", "无", "轻度"], nulls: 0, shown: "无" },
  { name: "yes-no", cells: ["yes", "no", "yes"], type: "boolean", nulls: 0 },
  { name: "shi-fou", cells: ["是", "否", "是"], type: "boolean", nulls: 0 },
  { name: "true-false", cells: ["true", "false", "true"], type: "boolean", nulls: 0 },
  { name: "true-false-missing", cells: ["TRUE", "", "FALSE"], type: "boolean", nulls: 1 },
  { name: "formula", cells: ["=1+1", "@sum", "+cmd", "x"], shown: "=1+1", warnings: ["formula-like"] },
  { name: "mixed", cells: ["1", "2", "three", "4"], type: "mixed", warnings: ["mixed-types"] },
];

const dates: readonly ColumnCase[] = [
  { name: "iso", header: "date", cells: ["2023-02-01", "2023-12-31"], shown: "2023-02-01", type: "date" },
  { name: "slashes", header: "date", cells: ["2023/2/1", "2023/12/31"], shown: "2023-02-01", type: "date" },
  { name: "dots-german", header: "Datum", cells: ["01.02.2023", "31.12.2023"], shown: "2023-02-01", type: "date" },
  { name: "day-first", header: "date", cells: ["1/2/2023", "31/12/2023"], shown: "2023-02-01", type: "date" },
  { name: "month-first", header: "date", cells: ["2/1/2023", "12/31/2023"], shown: "2023-02-01", type: "date" },
  { name: "ambiguous", header: "date", cells: ["2/1/2023", "3/4/2023"], type: "date", warnings: ["ambiguous-dates"] },
  { name: "two-digit-year", header: "date", cells: ["31/12/22", "01/02/23"], shown: "2022-12-31", type: "date" },
  { name: "chinese", header: "日期", cells: ["2023年2月1日", "2023年12月31日"], shown: "2023-02-01", type: "date" },
  { name: "chinese-month", header: "月份", cells: ["2023年2月", "2023年12月"], type: "date" },
  { name: "compact", header: "日期", cells: ["20230201", "20231231"], shown: "2023-02-01", type: "date" },
  { name: "named-month", header: "date", cells: ["1 Feb 2023", "31 Dec 2023"], shown: "2023-02-01", type: "date" },
  {
    name: "month-first-named",
    header: "date",
    cells: ["Feb 1, 2023", "Dec 31, 2023"],
    shown: "2023-02-01",
    type: "date",
  },
  {
    name: "full-month",
    header: "date",
    cells: ["February 1, 2023", "December 31, 2023"],
    shown: "2023-02-01",
    type: "date",
  },
  { name: "dashed-month", header: "date", cells: ["01-Feb-23", "31-Dec-23"], shown: "2023-02-01", type: "date" },
  { name: "month-year", header: "month", cells: ["Jan-23", "Feb-23", "Dec-23"] },
  {
    name: "with-time",
    header: "at",
    cells: ["2023-02-01 10:20:30", "2023-12-31 23:59:59"],
    shown: "2023-02-01T10:20:30",
    type: "datetime",
  },
  {
    name: "with-half-day",
    header: "at",
    cells: ["2/1/2023 1:05 PM", "12/31/2023 11:59 AM"],
    shown: "2023-02-01T13:05:00",
    type: "datetime",
  },
  { name: "with-zone", header: "at", cells: ["2023-02-01T10:20:30Z", "2023-12-31T23:59:59+08:00"], type: "datetime" },
  {
    name: "with-zones",
    header: "at",
    cells: ["2023-02-01T10:20:30+08:00", "2023-12-31T23:59:59+08:00"],
    type: "datetime",
  },
  {
    name: "missing",
    header: "date",
    cells: ["01.02.2023", "", "-", "31.12.2023"],
    shown: "2023-02-01",
    nulls: 2,
    type: "date",
  },
  {
    name: "mixed-styles",
    header: "date",
    cells: ["2023-02-01", "2023/3/4", "5 Feb 2023"],
    shown: "2023-02-01",
    type: "date",
  },
  {
    name: "mixed-styles-zh",
    header: "日期",
    cells: ["2023-02-01", "2023年3月4日", "2023/5/6"],
    shown: "2023-02-01",
    type: "date",
  },
  { name: "impossible", header: "date", cells: ["2023-02-30", "2023-03-01", "2023-04-01"] },
  { name: "time", header: "time", cells: ["10:20", "23:59:59", "0:05"], type: "time" },
  { name: "year", header: "year", cells: ["2021", "2022", "2023"], type: "year" },
  { name: "quarters", header: "quarter", cells: ["2023Q1", "2023Q2", "2023Q3"] },
];

const ambiguousComma: AwkwardTable = {
  file: "value-comma-either.csv",
  bytes: "k;v\na;1,234\nb;56\n",
  rows: 2,
  names: ["k", "v"],
  sums: { v: 1290 },
  warnings: ["ambiguous-number-mark"],
};

/** Nothing but the semicolon says what the comma is, unless a nought stands in front. */
const commasUnderSemicolons: readonly AwkwardTable[] = [
  {
    file: "value-comma-either-all.csv",
    bytes: "k;v\na;1,234\nb;2,500\nc;3,125\n",
    rows: 3,
    names: ["k", "v"],
    warnings: ["ambiguous-number-mark"],
  },
  {
    file: "value-comma-nought.csv",
    bytes: "k;v\na;0,125\nb;1,250\nc;2,375\n",
    rows: 3,
    names: ["k", "v"],
    sums: { v: 3.75 },
    call: 'decimal=","',
  },
];

/** The same mark, typed and printed. */
const mixedMarks: readonly AwkwardTable[] = [
  {
    file: "value-mixed-apostrophes.csv",
    bytes: "k;v\na;1'234.50\nb;-12'000.00\nc;3’500.25\n",
    rows: 3,
    names: ["k", "v"],
    sums: { v: -7265.25 },
  },
  {
    file: "value-mixed-blanks.csv",
    bytes: "k;v\na;1\u00a0234,50\nb;12\u202f000,00\nc;7,25\n",
    rows: 3,
    names: ["k", "v"],
    sums: { v: 13241.75 },
  },
];

const mixedStyles: AwkwardTable = {
  file: "value-two-number-styles.csv",
  bytes: 'k,us,plain,date\na,"1,234.50",5.25,31.12.2023\nb,"2,000.00",6.75,01.01.2024\n',
  rows: 2,
  names: ["k", "us", "plain", "date"],
  sums: { us: 3234.5, plain: 12 },
};

const dottedWords: AwkwardTable = {
  file: "value-dotted-words.csv",
  bytes: "chapter;host;amount\n1.2.3;10.0.0.1;1.234,50\n4.5.6;10.0.0.2;2.345.678,00\n",
  rows: 2,
  names: ["chapter", "host", "amount"],
  sums: { amount: 2346912.5 },
  cells: [[0, 0, "1.2.3"]],
};

/** What stands in cells. */
export const valueTables: readonly AwkwardTable[] = [
  ...[...numbers, ...identifiers, ...words, ...dates].map(columnTable),
  ...dates
    .filter(({ cells }) => !cells.some((cell) => cell.includes(",")))
    .map((column) => columnTable({ ...column, name: `${column.name}-comma`, delimiter: "," })),
  ambiguousComma,
  ...commasUnderSemicolons,
  ...mixedMarks,
  mixedStyles,
  dottedWords,
];
