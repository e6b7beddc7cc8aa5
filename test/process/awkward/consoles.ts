import type { AwkwardTable } from "./awkward-table.ts";

const people = { rows: 3, names: ["id", "name", "score"], sums: { score: 10 }, cells: [[0, 1, "Ann Lee"]] } as const;

/** Tables drawn for people: Markdown, consoles of databases, columns aligned by blanks. */
export const drawnTables: readonly AwkwardTable[] = [
  {
    file: "table.md",
    bytes:
      "| id | name | score |\n|---:|:-----|------:|\n| 1 | Ann Lee | 2.5 |\n| 2 | Bob Ray | 3.5 |\n| 3 | Cy | 4 |\n",
    ...people,
    dialect: { format: "markdown" },
  },
  {
    file: "table-in-text.md",
    bytes:
      "# Results\n\nSome words, with a comma, before.\n\n| id | name | score |\n| --- | --- | --- |\n| 1 | Ann Lee | 2.5 |\n| 2 | Bob Ray | 3.5 |\n| 3 | Cy |   4 |\n\nAnd words after it.\n",
    ...people,
    dialect: { format: "markdown" },
  },
  {
    file: "table-bare.md",
    bytes: "id | name | score\n--- | --- | ---\n1 | Ann Lee | 2.5\n2 | Bob Ray | 3.5\n3 | Cy | 4\n",
    ...people,
    dialect: { format: "markdown" },
  },
  {
    file: "table-in.txt",
    bytes:
      "| id | name | score |\n|----|------|-------|\n| 1 | Ann Lee | 2.5 |\n| 2 | Bob Ray | 3.5 |\n| 3 | Cy | 4 |\n",
    ...people,
    dialect: { format: "markdown" },
  },
  {
    file: "escaped-pipes.md",
    bytes:
      "| id | name | score |\n|----|------|-------|\n| 1 | Ann \\| Lee | 2.5 |\n| 2 | `a\\|b` | 3.5 |\n| 3 |  | 4 |\n",
    rows: 3,
    names: ["id", "name", "score"],
    sums: { score: 10 },
    cells: [[0, 1, "Ann | Lee"]],
    nulls: { name: 1 },
  },
  {
    file: "two-tables.md",
    bytes:
      "## First\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\n## Second\n\n| c | d | e |\n|---|---|---|\n| x | 5 | 6 |\n",
    rows: 2,
    names: ["a", "b"],
    sums: { a: 4, b: 6 },
    warnings: ["other-parts"],
  },
  {
    file: "zh.md",
    bytes: "# 销售\n\n| 城市 | 金额 |\n| :--- | ---: |\n| 北京 | 1,200.50 |\n| 上海 | 2,300 |\n",
    rows: 2,
    names: ["城市", "金额"],
    sums: { 金额: 3500.5 },
  },
  {
    file: "mysql.txt",
    bytes:
      "+----+---------+-------+\n| id | name    | score |\n+----+---------+-------+\n|  1 | Ann Lee |   2.5 |\n|  2 | Bob Ray |   3.5 |\n|  3 | Cy      |     4 |\n+----+---------+-------+\n3 rows in set (0.00 sec)\n",
    ...people,
  },
  {
    file: "mysql-session.txt",
    bytes:
      "mysql> select * from people;\n+----+---------+-------+\n| id | name    | score |\n+----+---------+-------+\n|  1 | Ann Lee |   2.5 |\n|  2 | NULL    |   3.5 |\n|  3 | Cy      |     4 |\n+----+---------+-------+\n3 rows in set (0.00 sec)\n\nmysql> \n",
    ...people,
    nulls: { name: 1 },
  },
  {
    file: "row-names.txt",
    bytes: '"mpg" "cyl"\n"Mazda RX4" 21 6\n"Datsun 710" 22.8 4\n"Hornet" 21.4 6\n',
    rows: 3,
    names: ["index", "mpg", "cyl"],
    sums: { mpg: 65.2 },
    cells: [[0, 0, "Mazda RX4"]],
  },
  {
    file: "row-names-plain.txt",
    bytes: "mpg cyl hp\nMazda 21.0 6 110\nDatsun 22.8 4 93\nHornet 21.4 6 110\n",
    rows: 3,
    names: ["index", "mpg", "cyl", "hp"],
    sums: { hp: 313 },
  },
  {
    file: "row-numbers.txt",
    bytes: '"Sepal" "Species"\n"1" 5.1 "setosa"\n"2" 4.9 "setosa"\n"3" 6.3 "virginica"\n',
    rows: 3,
    names: ["index", "Sepal", "Species"],
    cells: [[2, 2, "virginica"]],
  },
  {
    file: "printed-frame.txt",
    bytes: "      name  age    city\n0      Ann   30   Paris\n1  Bob Lee   40    Rome\n2      Cid   50  London\n",
    rows: 3,
    names: ["Unnamed: 0", "name", "age", "city"],
    sums: { age: 120 },
    cells: [[1, 1, "Bob Lee"]],
  },
  {
    file: "ruled-twice.txt",
    bytes: "===  =====\nnum  name\n===  =====\n  1  Ann\n  2  Bob\n===  =====\n",
    rows: 2,
    names: ["num", "name"],
    sums: { num: 3 },
  },
  {
    file: "psql.txt",
    bytes:
      " id |  name   | score \n----+---------+-------\n  1 | Ann Lee |   2.5\n  2 | Bob Ray |   3.5\n  3 | Cy      |     4\n(3 rows)\n\n",
    ...people,
  },
  {
    file: "psql-blank.txt",
    bytes:
      " id |  name   | score \n----+---------+-------\n  1 | Ann Lee |   2.5\n  2 |         |   3.5\n  3 | Cy      |     4\n(3 rows)\n\n",
    ...people,
    nulls: { name: 1 },
  },
  {
    file: "box.txt",
    bytes:
      "┌────┬─────────┬───────┐\n│ id │  name   │ score │\n├────┼─────────┼───────┤\n│  1 │ Ann Lee │   2.5 │\n│  2 │ Bob Ray │   3.5 │\n│  3 │ Cy      │     4 │\n└────┴─────────┴───────┘\n",
    ...people,
  },
  {
    file: "grid.txt",
    bytes:
      "+----+---------+-------+\n| id | name    | score |\n+====+=========+=======+\n|  1 | Ann Lee |   2.5 |\n+----+---------+-------+\n|  2 | Bob Ray |   3.5 |\n+----+---------+-------+\n|  3 | Cy      |     4 |\n+----+---------+-------+\n",
    ...people,
  },
  {
    file: "sqlcmd.txt",
    bytes:
      "id          name                 score\n----------- -------------------- ------\n          1 Ann Lee                 2.5\n          2 Bob Ray                 3.5\n          3 Cy                        4\n\n(3 rows affected)\n",
    ...people,
  },
  {
    file: "ruled.txt",
    bytes: "id  name     score\n==  =======  =====\n1   Ann Lee  2.5\n2   Bob Ray  3.5\n3   Cy       4\n",
    ...people,
  },
  {
    file: "ruled-missing.txt",
    bytes: "id  name     score\n--  -------  -----\n1   Ann Lee  2.5\n2            3.5\n3   Cy       4\n",
    ...people,
    nulls: { name: 1 },
  },
  {
    file: "aligned-missing.txt",
    bytes: "id   name      score\n1    Ann Lee   2.5\n2              3.5\n3    Cy        4\n4    Dee       \n",
    rows: 4,
    names: ["id", "name", "score"],
    sums: { score: 10 },
    nulls: { name: 1, score: 1 },
    cells: [[0, 1, "Ann Lee"]],
  },
  {
    file: "fixed-width.txt",
    bytes:
      "code name          amount\n001  Ann Lee         12.50\n002  Bob Ray        103.00\n010  Cy Dent Jr       4.25\n",
    rows: 3,
    names: ["code", "name", "amount"],
    sums: { amount: 119.75 },
    cells: [
      [0, 0, "001"],
      [2, 1, "Cy Dent Jr"],
    ],
  },
  {
    file: "pandas-print.txt",
    bytes: "   id   name  score\n0   1    Ann    2.5\n1   2    Bob    3.5\n2   3     Cy    4.0\n",
    rows: 3,
    names: ["index", "id", "name", "score"],
    sums: { score: 10 },
  },
  {
    file: "aligned-tabs.txt",
    bytes: "id\t\tname\t\tscore\n1\t\tAnn\t\t2.5\n2\t\tBob\t\t3.5\n3\t\tCy\t\t4\n",
    rows: 3,
    names: ["id", "name", "score"],
    sums: { score: 10 },
  },
];
