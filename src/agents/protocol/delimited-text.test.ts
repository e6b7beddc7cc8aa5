import { expect, test } from "vitest";
import { toDelimited } from "./delimited-text.ts";

const column = (name: string): { readonly name: string } => ({ name });

test("what needs quotes gets them, and missing is empty", () => {
  const rows = [
    ['a "quoted", word', 1.5, null],
    ["two\nlines", true, ""],
  ];
  expect(toDelimited([column("text"), column("n"), column("m")], rows, ",")).toBe(
    'text,n,m\r\n"a ""quoted"", word",1.5,\r\n"two\nlines",true,',
  );
});

test.each(["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])("%j is no formula afterwards", (text) => {
  const line = toDelimited([column("a")], [[text]], ",").slice("a\r\n".length);
  expect(line.replace(/^"/u, "").startsWith("'")).toBe(true);
});

test("a header that looks like a formula is none either", () => {
  expect(toDelimited([column("=1+1")], [], "\t")).toBe("'=1+1");
});

test.each(["-5", "+3.25", "-1,234.5", "-12%", "-1e-9"])("%s in a column of text stays a number", (text) => {
  expect(toDelimited([column("a")], [[text]], "\t")).toBe(`a\r\n${text}`);
});

test("numbers are not touched", () => {
  expect(toDelimited([column("a")], [[-5]], "\t")).toBe("a\r\n-5");
});
