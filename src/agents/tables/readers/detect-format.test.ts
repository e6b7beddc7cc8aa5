import { describe, expect, it } from "vitest";
import { detectTextFormat } from "./detect-format.ts";

describe("SQL", () => {
  it.each([
    "CREATE TABLE t (id INT, n INT);\nINSERT INTO t VALUES (1,5),(2,6);\n",
    "-- MySQL dump\n/*!40101 SET NAMES utf8 */;\nDROP TABLE IF EXISTS `t`;\nCREATE TABLE `t` (`a` int);\n",
    "BEGIN TRANSACTION;\ninsert into t values (1);\n",
  ])("is no table: %j", (text) => {
    expect(detectTextFormat(text, true)).toMatchObject({ unknown: "a SQL script" });
  });

  it.each([
    "query,ms\nselect a from b;,5\n",
    "Set;Items\n1;insert into box\n",
    "drop date;table\n2024-01-01;create table 5\n",
    "id,statement\n1,CREATE TABLE t (a int);\n",
  ])("may be spoken of in a table: %j", (text) => {
    expect(detectTextFormat(text, true)).toBe("text");
  });
});
