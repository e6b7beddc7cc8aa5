import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import iconv from "iconv-lite";
import type { AwkwardTable } from "./awkward/awkward-table.ts";

const people = "编号,姓名,城市,金额\r\n001,张伟,北京,12.5\r\n002,李娜,上海,-3\r\n003,王芳,广州市,40\r\n";
const peopleNames = ["编号", "姓名", "城市", "金额"];
const encoded = (encoding: string, text = people): Buffer => iconv.encode(text, encoding, { addBOM: false });
const chinese = {
  rows: 3,
  names: peopleNames,
  sums: { 金额: 49.5 },
  cells: [
    [0, 0, "001"],
    [2, 2, "广州市"],
  ],
} as const;

/** Small tables, one trait each. */
export const awkwardTables: readonly AwkwardTable[] = [
  {
    file: "plain.csv",
    bytes: "a,b\n1,x\n2,y\n",
    rows: 2,
    names: ["a", "b"],
    sums: { a: 3 },
    call: "pd.read_csv(path)",
  },
  {
    file: "clock.csv",
    bytes: `time,count\n${Array.from({ length: 40 }, (_, index) => `2015/01/01 01:${10 + index}:00,${index}\n`).join("")}`,
    rows: 40,
    names: ["time", "count"],
    sums: { count: 780 },
  },
  { file: "gb18030.csv", bytes: encoded("gb18030"), ...chinese },
  { file: "utf8-mark.csv", bytes: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(people)]), ...chinese },
  {
    file: "utf16-mark.txt",
    bytes: iconv.encode(people.replaceAll(",", "\t"), "utf-16le", { addBOM: true }),
    ...chinese,
  },
  { file: "utf16-bare.csv", bytes: encoded("utf-16be"), ...chinese },
  { file: "utf32-mark.csv", bytes: iconv.encode(people, "utf-32le", { addBOM: true }), ...chinese },
  {
    file: "big5.csv",
    bytes: encoded(
      "big5",
      "編號,姓名,城市,說明\n1,陳小明,臺北市,這是第一個測試\n2,林美麗,高雄市,我們沒有問題\n3,黃志強,臺中市,謝謝您的幫忙\n",
    ),
    rows: 3,
    names: ["編號", "姓名", "城市", "說明"],
    cells: [[1, 2, "高雄市"]],
  },
  {
    file: "shift-jis.csv",
    bytes: encoded(
      "shift_jis",
      "番号,名前,住所,メモ\n1,さとう,とうきょうと,これはテストです\n2,すずき,おおさかふ,カタカナとひらがな\n",
    ),
    rows: 2,
    names: ["番号", "名前", "住所", "メモ"],
  },
  {
    file: "euc-kr.csv",
    bytes: encoded(
      "euc-kr",
      "번호,이름,도시,설명\n1,김철수,서울특별시,안녕하세요 반갑습니다\n2,이영희,부산광역시,감사합니다 다음에\n",
    ),
    rows: 2,
    names: ["번호", "이름", "도시", "설명"],
  },
  {
    file: "windows-1252.csv",
    bytes: encoded(
      "windows-1252",
      "Stadt;Größe;Bemerkung\nKöln;1,5;schön\nMünchen;2,25;für später\nDüsseldorf;0,25;Straße\n",
    ),
    rows: 3,
    names: ["Stadt", "Größe", "Bemerkung"],
    sums: { Größe: 4 },
    call: 'decimal=","',
  },
  {
    file: "german.csv",
    bytes: "Datum;Betrag\n31.12.2023;1.234,50\n01.01.2024;-2.000,25\n",
    rows: 2,
    names: ["Datum", "Betrag"],
    sums: { Betrag: -765.75 },
    cells: [[0, 0, "2023-12-31"]],
  },
  {
    file: "dollars.csv",
    bytes: 'item,amount\nA,"1,234,567.89"\nB,"$2,000.00"\nC,(500.00)\nD,\n',
    rows: 4,
    names: ["item", "amount"],
    sums: { amount: 1236067.89 },
  },
  { file: "percent.csv", bytes: "k,share\na,12.5%\nb,87.5%\n", rows: 2, names: ["k", "share"], sums: { share: 100 } },
  {
    file: "preamble.csv",
    bytes: "报表：销售\n导出时间,2024-05-01\n\n地区,一月,二月\n华北,10,20\n华南,30,40\n合计,40,60\n",
    rows: 2,
    names: ["地区", "一月", "二月"],
    sums: { 一月: 40, 二月: 60 },
    warnings: ["total-line"],
  },
  { file: "sep-line.csv", bytes: "sep=;\na;b\n1;2\n3;4\n", rows: 2, names: ["a", "b"], sums: { b: 6 } },
  { file: "comments.csv", bytes: "# made by x\n# 2024\na,b\n1,2\n# end\n", rows: 1, names: ["a", "b"], sums: { b: 2 } },
  {
    file: "comments-inside.csv",
    bytes: "# made by x\na,b\n1,x #1\n2,y #2\n# end\n",
    rows: 2,
    names: ["a", "b"],
    cells: [[0, 1, "x #1"]],
    call: "skiprows=[0, 4]",
  },
  { file: "newlines.csv", bytes: "a,b\n1,2\r\n3,4\r5,6\n", rows: 3, names: ["a", "b"], sums: { a: 9 } },
  { file: "old-mac.csv", bytes: "a,b\r1,2\r3,4\r", rows: 2, names: ["a", "b"], sums: { b: 6 } },
  {
    file: "quotes.csv",
    bytes: 'a,b\n1,5" disk\n2,"say ""hi"""\n3,"two\nlines"\n',
    rows: 3,
    names: ["a", "b"],
    cells: [
      [0, 1, '5" disk'],
      [1, 1, 'say "hi"'],
      [2, 1, "two\nlines"],
    ],
  },
  {
    file: "backslash.csv",
    bytes: 'a,b\n1,"x\\"y"\n2,"p\\,q"\n',
    rows: 2,
    names: ["a", "b"],
    cells: [
      [0, 1, 'x"y'],
      [1, 1, "p,q"],
    ],
  },
  {
    file: "open-quote.csv",
    bytes: 'a,b\n1,"open\n2,x\n3,y\n',
    rows: 3,
    names: ["a", "b"],
    warnings: ["unclosed-quote"],
  },
  {
    file: "short.csv",
    bytes: "a,b,c\n1,2,3\n4,5\n6,7,8\n",
    rows: 3,
    names: ["a", "b", "c"],
    sums: { c: 11 },
    warnings: ["short-rows"],
  },
  {
    file: "long.csv",
    bytes: "a,b\n1,2\n3,4,5\n6,7\n8,9\n",
    rows: 4,
    names: ["a", "b"],
    sums: { b: 22 },
    warnings: ["long-rows"],
  },
  { file: "trailing.csv", bytes: "a,b\n1,2,\n3,4,\n", rows: 2, names: ["a", "b"], sums: { a: 4, b: 6 } },
  { file: "row-names.csv", bytes: "x,y\nr1,1,2\nr2,3,4\n", rows: 2, names: ["index", "x", "y"], sums: { y: 6 } },
  {
    file: "same-names.csv",
    bytes: "id,v,v,v\n1,10,20,30\n",
    rows: 1,
    names: ["id", "v", "v.1", "v.2"],
    warnings: ["duplicate-headers"],
  },
  { file: "no-names.csv", bytes: "id,,score,\n1,x,5,y\n", rows: 1, names: ["id", "Unnamed: 1", "score", "Unnamed: 3"] },
  {
    file: "no-header.csv",
    bytes: "1,Rome,2.5\n2,Oslo,3\n3,Bonn,4\n",
    rows: 3,
    names: ["column_1", "column_2", "column_3"],
    sums: { column_3: 9.5 },
  },
  {
    file: "aligned.txt",
    bytes: "name   age  city\nAnn     30  Rome\nBob      4  Oslo\n",
    rows: 2,
    names: ["name", "age", "city"],
    sums: { age: 34 },
  },
  {
    file: "wide-gaps.txt",
    bytes: "name        city\nAnn Smith   New York\nBob         Los Angeles\n",
    rows: 2,
    names: ["name", "city"],
  },
  {
    file: "big.csv",
    bytes: "id,n\n1,9007199254740993\n2,123456789012345678901234567890\n",
    rows: 2,
    names: ["id", "n"],
    cells: [[0, 1, "9007199254740993"]],
  },
  {
    file: "big-gap.csv",
    bytes: "id,n\n1,9007199254740993\n2,\n",
    rows: 2,
    names: ["id", "n"],
    cells: [[0, 1, "9007199254740993"]],
    call: "Int64",
  },
  {
    file: "namibia.csv",
    bytes: "code,n\nNA,1\nDE,2\nFR,3\nUS,\n",
    rows: 4,
    names: ["code", "n"],
    cells: [[0, 0, "NA"]],
    sums: { n: 6 },
  },
  {
    file: "missing.csv",
    bytes: "k,v\na,1\nb,缺失\nc,-\nd,4\n",
    rows: 4,
    names: ["k", "v"],
    sums: { v: 5 },
    warnings: ["missing-words"],
  },
  {
    file: "nobody.csv",
    bytes: "k,v\na,None\nb,None\nc,car\nd,car\n",
    rows: 4,
    names: ["k", "v"],
    cells: [[0, 1, "None"]],
  },
  {
    file: "day-first.csv",
    bytes: "d,n\n01/02/2023,1\n13/02/2023,2\n",
    rows: 2,
    names: ["d", "n"],
    cells: [[0, 0, "2023-02-01"]],
  },
  { file: "spaces.csv", bytes: "a, b, c\n1, 2, x\n3, 4, y\n", rows: 2, names: ["a", "b", "c"], sums: { b: 6 } },
  {
    file: "late.csv",
    bytes: `id,v\n${Array.from({ length: 3000 }, (_, index) => `${index},${index}\n`).join("")}3000,unknown\n`,
    rows: 3001,
    names: ["id", "v"],
    sums: { v: 4498500 },
  },
  {
    file: "late-encoding.csv",
    bytes: Buffer.concat([
      Buffer.from(`k,v\n${"a,1\n".repeat(80_000)}`),
      iconv.encode("城市名称,2\n中国北京,3\n", "gb18030"),
    ]),
    rows: 80_002,
    names: ["k", "v"],
    sums: { v: 80_005 },
  },
  {
    file: "nested.json",
    bytes: '{"meta": {"n": 2}, "data": [{"id": 1, "p": {"q": 2}}, {"id": 2, "p": {"q": 5}}]}',
    rows: 2,
    names: ["id", "p.q"],
    sums: { "p.q": 7 },
  },
  {
    file: "lines.jsonl",
    bytes: '{"a": 1, "b": "x"}\n{"a": 2, "b": null}\n',
    rows: 2,
    names: ["a", "b"],
    sums: { a: 3 },
  },
  {
    file: "records.json",
    bytes: '[{"a": 1, "b": "007"}, {"a": 2, "b": "008"}]',
    rows: 2,
    names: ["a", "b"],
    cells: [[0, 1, "007"]],
  },
];

/** Writes the tables into a folder of their own, which `close` removes. */
export function writeTables(): { readonly directory: string; readonly close: () => void } {
  const directory = mkdtempSync(join(tmpdir(), "byzer-tables-"));
  for (const { file, bytes } of awkwardTables) {
    writeFileSync(join(directory, file), bytes);
  }
  return { directory, close: () => rmSync(directory, { recursive: true, force: true }) };
}
