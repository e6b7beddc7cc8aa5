import { expect, test } from "vitest";
import { indentableLines, pythonStatements } from "./python-statements.ts";
import { formattedParts, pythonTokens, stringValue } from "./python-tokens.ts";

const texts = (code: string): readonly string[] => pythonTokens(code).map(({ text }) => text);

test.each<[string, readonly string[]]>([
  ["a=1", ["a", "=", "1"]],
  ["销售额 += 1.5e-3", ["销售额", "+=", "1.5e-3"]],
  ["x = 'it\\'s' # no", ["x", "=", "'it\\'s'", "# no"]],
  ["f(a,\n  b)\nc", ["f", "(", "a", ",", "b", ")", "\n", "c"]],
  ["a = 1 + \\\n  2", ["a", "=", "1", "+", "2"]],
  ['"""a\n"b" #c\n"""\nd', ['"""a\n"b" #c\n"""', "\n", "d"]],
  ["rb'\\'' x", ["rb'\\''", "x"]],
  ['f"{d["a"]}" y', ['f"{d["a"]}"', "y"]],
  ["f'{{x}}' y", ["f'{{x}}'", "y"]],
  ["x = 'open\ny", ["x", "=", "'open", "\n", "y"]],
  ["a := b ** c // d -> e", ["a", ":=", "b", "**", "c", "//", "d", "->", "e"]],
  ["s = '😀' + 𝑎", ["s", "=", "'😀'", "+", "𝑎"]],
])("%j", (code, expected) => {
  expect(texts(code)).toEqual(expected);
});

test("nothing stops it", () => {
  const junk = Array.from({ length: 400 }, (_, at) => "'\"\\#([{}])\n f:=\0\u2028é"[(at * 7919) % 19]).join("");
  const tokens = pythonTokens(junk);
  expect(tokens.every(({ start, end }, at) => end > start && start >= (tokens[at - 1]?.end ?? 0))).toBe(true);
});

test.each([
  ["'a\\\\b\\n\\u4e2d\\x41'", "a\\b\n中A"],
  ["r'C:\\data'", "C:\\data"],
  ['"""two\nlines"""', "two\nlines"],
  ["b'a'", undefined],
  ["f'a'", undefined],
  ["'\\N{DASH}'", undefined],
])("the value of %s", (code, expected) => {
  const [token] = pythonTokens(code);
  expect(token && stringValue(token)).toBe(expected);
});

test("what stands in the braces of a formatted string", () => {
  const [token] = pythonTokens("f'{a!r} {{b}} {c:{w}}'");
  expect(token && formattedParts(token)).toEqual(["a!r", "c:{w}"]);
});

test("statements keep together what belongs together", () => {
  const code = "@d\ndef f():\n    return 1\n\nif a:\n    b\nelse:\n    c\nx = 1; y = 2\n%matplotlib inline\nz\n";
  const found = pythonStatements(code);
  expect(found.map(({ start, end }) => code.slice(start, end))).toEqual([
    "@d\ndef f():\n    return 1",
    "if a:\n    b\nelse:\n    c",
    "x = 1",
    "y = 2",
    "z",
  ]);
  expect(found.map(({ line }) => line)).toEqual([1, 5, 9, 9, 11]);
});

test("lines inside of a string are not indented", () => {
  expect([...indentableLines('a = """\nb\n"""\nc = (1,\n2)')]).toEqual([0, 3, 4]);
});
