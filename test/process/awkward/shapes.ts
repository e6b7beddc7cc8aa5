import type { AwkwardTable } from "./awkward-table.ts";

const plainRows = [
  ["id", "name", "score"],
  ["1", "Ann Lee", "2.5"],
  ["2", "Bob Ray", "3.5"],
  ["3", "Cy Dent", "4"],
];

function plain(delimiter: string, newline = "\n"): string {
  return plainRows.map((row) => row.join(delimiter) + newline).join("");
}

const known = { rows: 3, names: ["id", "name", "score"], sums: { score: 10 }, cells: [[1, 1, "Bob Ray"]] } as const;

const delimited: readonly AwkwardTable[] = [
  ...(
    [
      ["comma", ","],
      ["semicolon", ";"],
      ["tab", "\t"],
      ["pipe", "|"],
      ["colon", ":"],
      ["caret", "^"],
      ["tilde", "~"],
      ["unit-separator", "\u001f"],
      ["start-of-heading", "\u0001"],
      ["double-pipe", "||"],
      ["double-colon", "::"],
      ["comma-blank", ", "],
      ["semicolon-blank", "; "],
      ["pipe-blanks", " | "],
      ["pipe-tilde", "|~|"],
      ["two-blanks", "  "],
      ["exclamation", "!"],
      ["full-width-comma", "，"],
      ["broken-bar", "¦"],
      ["section", "§"],
    ] as const
  ).flatMap(([word, delimiter]) =>
    (["\n", "\r\n", "\r"] as const).map((newline, index): AwkwardTable => ({
      file: `delimiter-${word}-${["lf", "crlf", "cr"][index]}.txt`,
      bytes: plain(delimiter, newline),
      ...known,
    })),
  ),
  { file: "delimiter-no-final-newline.csv", bytes: plain(",").trimEnd(), ...known },
  {
    file: "delimiter-space.txt",
    bytes: "id name score\n1 Ann 2.5\n2 Bob 3.5\n3 Cy 4\n",
    rows: 3,
    names: ["id", "name", "score"],
    sums: { score: 10 },
  },
  {
    file: "delimiter-space-numbers.txt",
    bytes: "1.0 2.0\n3.0 4.5\n5.0 6.5\n",
    rows: 3,
    names: ["column_1", "column_2"],
    sums: { column_2: 13 },
  },
  {
    file: "log-lines.txt",
    bytes: "2024-01-01 10:00:00 started\n2024-01-01 10:00:05 slow query, again\n2024-01-01 10:01:00 done\n",
    rows: 3,
    names: ["column_1"],
    cells: [[1, 0, "2024-01-01 10:00:05 slow query, again"]],
  },
  {
    file: "stray-quotes.tsv",
    bytes: 'id\tname\n1\t"abc\n2\tdef\n3\t"x" y\n',
    rows: 3,
    names: ["id", "name"],
    cells: [[0, 1, '"abc']],
  },
  {
    file: "delimiter-space-quoted.txt",
    bytes: 'id name score\n1 "Ann Lee" 2.5\n2 "Bob Ray" 3.5\n3 Cy 4\n',
    rows: 3,
    names: ["id", "name", "score"],
    sums: { score: 10 },
    cells: [[0, 1, "Ann Lee"]],
  },
  {
    file: "delimiter-mixed-newlines.csv",
    bytes: "id,name\r\n1,a\n2,b\r3,c\r\n\r\n4,d",
    rows: 4,
    names: ["id", "name"],
    cells: [[3, 0, 4]],
  },
  {
    file: "newlines-in-cells.csv",
    bytes: 'k,t\n1,"a\nb"\n2,"c\r\nd"\n3,"e\rf"\n4,g\u0085h\n5,i\u2028j\n',
    rows: 5,
    names: ["k", "t"],
    sums: { k: 15 },
    cells: [
      [0, 1, "a\nb"],
      [3, 1, "g\u0085h"],
      [4, 1, "i\u2028j"],
    ],
  },
  {
    file: "semicolon-with-decimal-comma.csv",
    bytes: "a;b\n1,5;2,25\n2,5;3,75\n",
    rows: 2,
    names: ["a", "b"],
    sums: { a: 4, b: 6 },
  },
  {
    file: "tab-with-commas.tsv",
    bytes: "name\tplace\tn\nLee, Ann\tRome, Italy\t1\nRay, Bob\tOslo, Norway\t2\n",
    rows: 2,
    names: ["name", "place", "n"],
    sums: { n: 3 },
  },
  {
    file: "one-column.csv",
    bytes: "amount\n10\n20\n30\n",
    rows: 3,
    names: ["amount"],
    sums: { amount: 60 },
  },
  {
    file: "one-column-words.txt",
    bytes: "city\nRome\nNew York\nOslo\nLos Angeles\n",
    rows: 4,
    names: ["city"],
  },
  {
    file: "one-column-sentences.txt",
    bytes: "comment\nGood, fast and cheap\nNo\nIt broke; twice\nNever again, sorry\n",
    rows: 4,
    names: ["comment"],
    cells: [[0, 0, "Good, fast and cheap"]],
  },
  {
    file: "one-column-zh.csv",
    bytes: "评论\n很好，很快\n一般\n质量差；不推荐\n",
    rows: 3,
    names: ["评论"],
  },
  { file: "only-title.csv", bytes: "Quarterly report\n", rows: 0, names: ["Quarterly report"] },
  { file: "header-only-no-newline.csv", bytes: "a,b,c", rows: 0, names: ["a", "b", "c"], warnings: ["no-rows"] },
];

const quoted: readonly AwkwardTable[] = [
  {
    file: "all-quoted.csv",
    bytes: '"id","code","n"\r\n"1","007","2.5"\r\n"2","010","3"\r\n',
    rows: 2,
    names: ["id", "code", "n"],
    sums: { n: 5.5 },
    cells: [[0, 1, "007"]],
  },
  {
    file: "single-quoted.csv",
    bytes: "'id','name'\n'1','Lee, Ann'\n'2','O''Hara'\n",
    rows: 2,
    names: ["id", "name"],
    cells: [
      [0, 1, "Lee, Ann"],
      [1, 1, "O'Hara"],
    ],
  },
  {
    file: "apostrophes.csv",
    bytes: "id,name\n1,O'Hara\n2,D'Arcy\n3,it's\n4,'tis\n",
    rows: 4,
    names: ["id", "name"],
    cells: [[3, 1, "'tis"]],
  },
  {
    file: "inches.csv",
    bytes: 'id,size,n\n1,5" disk,2\n2,3.5" disk,3\n3,8",4\n',
    rows: 3,
    names: ["id", "size", "n"],
    sums: { n: 9 },
    cells: [[2, 1, '8"']],
  },
  {
    file: "quote-starts-cell.tsv",
    bytes: 'id\ttitle\tn\n1\t"Heat" (1995)\t2\n2\tJaws\t3\n3\t"Up" and away\t4\n',
    rows: 3,
    names: ["id", "title", "n"],
    sums: { n: 9 },
  },
  {
    file: "backslash-quotes.csv",
    bytes: 'id,say\n1,"he said \\"hi\\", then left"\n2,"plain"\n3,"a \\\\ b"\n',
    rows: 3,
    names: ["id", "say"],
    cells: [[0, 1, 'he said "hi", then left']],
  },
  {
    file: "windows-paths.csv",
    bytes: 'id,path\n1,C:\\temp\\a\n2,"C:\\temp\\"\n3,D:\\x\n',
    rows: 3,
    names: ["id", "path"],
    cells: [[1, 1, "C:\\temp\\"]],
  },
  {
    file: "mysql-backslash-n.tsv",
    bytes: "id\tname\tn\n1\tAnn\t5\n2\t\\N\t\\N\n3\tBob\t7\n",
    rows: 3,
    names: ["id", "name", "n"],
    sums: { n: 12 },
    nulls: { name: 1, n: 1 },
  },
  {
    file: "json-cells.csv",
    bytes: 'id,payload\n1,"{""a"": 1, ""b"": [1, 2]}"\n2,"{""a"": 2}"\n',
    rows: 2,
    names: ["id", "payload"],
    cells: [[0, 1, '{"a": 1, "b": [1, 2]}']],
  },
  {
    file: "json-cells-tab.tsv",
    bytes: 'id\tpayload\n1\t{"a": 1, "b": [1, 2]}\n2\t{"a": 2}\n',
    rows: 2,
    names: ["id", "payload"],
    cells: [[0, 1, '{"a": 1, "b": [1, 2]}']],
  },
  {
    file: "quoted-header.csv",
    bytes: '"first, name",n\nAnn,1\nBob,2\n',
    rows: 2,
    names: ["first, name", "n"],
    sums: { n: 3 },
  },
  {
    file: "newline-header.csv",
    bytes: 'id,"amount\n(EUR)"\n1,5\n2,7\n',
    rows: 2,
    names: ["id", "amount\n(EUR)"],
    sums: { "amount\n(EUR)": 12 },
  },
  {
    file: "space-before-quote.csv",
    bytes: 'id, name, n\n1, "Lee, Ann", 5\n2, "Ray, Bob", 6\n',
    rows: 2,
    names: ["id", "name", "n"],
    sums: { n: 11 },
    cells: [[0, 1, "Lee, Ann"]],
  },
  {
    file: "doubled-pipe-quotes.txt",
    bytes: 'id||say||n\n1||"a, ""b"""||2\n2||"c"||3\n',
    rows: 2,
    names: ["id", "say", "n"],
    sums: { n: 5 },
  },
  {
    file: "curly-quotes.csv",
    bytes: "id,say\n1,“hi” she said\n2,‘no’\n",
    rows: 2,
    names: ["id", "say"],
    cells: [[0, 1, "“hi” she said"]],
  },
  {
    file: "excel-text-formula.csv",
    bytes: 'id,code,n\n1,="00123",5\n2,="00456",6\n',
    rows: 2,
    names: ["id", "code", "n"],
    sums: { n: 11 },
    cells: [[0, 1, "00123"]],
  },
  {
    file: "empty-quoted.csv",
    bytes: 'id,a,b\n1,"",x\n2,"5",""\n',
    rows: 2,
    names: ["id", "a", "b"],
    sums: { a: 5 },
    nulls: { a: 1, b: 1 },
  },
];

const wideNames = Array.from({ length: 5000 }, (_, index) => `c${index}`);

const sized: readonly AwkwardTable[] = [
  {
    file: "wide.csv",
    bytes: `${wideNames.join(",")}\n${`${wideNames.map((_, index) => index).join(",")}\n`.repeat(3)}`,
    rows: 3,
    names: wideNames,
    sums: { c4999: 3 * 4999 },
  },
  {
    file: "long-cell.csv",
    bytes: `id,t\n1,"${"word, ".repeat(350_000)}"\n2,x\n`,
    rows: 2,
    names: ["id", "t"],
    cells: [[0, 0, 1]],
  },
];

/** Delimiters, newlines and quoting. */
export const shapedTables: readonly AwkwardTable[] = [...delimited, ...quoted, ...sized];
