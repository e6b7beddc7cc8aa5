import { expect, test } from "vitest";
import { codePaths } from "./export-place.ts";
import {
  awaitsAtTop,
  codeBefore,
  endsWithExpression,
  guarded,
  pythonString,
  withNearPaths,
  withQuietEnd,
  withShownEnd,
  withoutMagics,
} from "./rewrite-code.ts";

const place = { target: "/w/out/a.ipynb", workingDirectory: "/w/data", root: "/w" };

test("paths in one tree are written as they are seen from where the code runs", () => {
  const paths = codePaths(place);
  expect(paths.workingDirectory).toBe("../data");
  expect(withNearPaths('p = "/w/data/销售.csv"; q = r"/w/other/b.csv"; s = "/etc/hosts"; t = "/w"', paths)).toBe(
    'p = "销售.csv"; q = "../other/b.csv"; s = "/etc/hosts"; t = ".."',
  );
  expect(withNearPaths('"/w/data/" + n  # "/w/data/a"', paths)).toBe('"./" + n  # "/w/data/a"');
});

test("paths of another tree stay as they are", () => {
  const paths = codePaths({ target: "/home/a.ipynb", workingDirectory: "/w/data", root: null });
  expect(paths.workingDirectory).toBeNull();
  expect(withNearPaths('"/w/data/a.csv"', paths)).toBe('"/w/data/a.csv"');
  expect(codePaths({ ...place, target: "/w/data/a.ipynb" }).workingDirectory).toBe("");
  expect(codePaths({ ...place, target: "/w2/a.ipynb" }).workingDirectory).toBeNull();
});

test("what a guard is put around stays what it was", () => {
  const code = 'def f():\n    return """a\nb"""\n\nx = (1,\n2)';
  expect(guarded(code, "why")).toBe(
    [
      "# why",
      "try:",
      "    def f():",
      '        return """a',
      'b"""',
      "",
      "    x = (1,",
      "    2)",
      "except BaseException as _error:",
      '    print(f"{type(_error).__name__}: {_error}")',
    ].join("\n"),
  );
  expect(guarded("# only", "why")).toContain("    # only\n    pass\n");
});

test.each([
  ["df.plot()", "df.plot();"],
  ["x = 1\ndf.plot()  # draws\n", "x = 1\ndf.plot();  # draws\n"],
  ["fig", "fig"],
  ["df.plot();", "df.plot();"],
  ["ax = df.plot()", "ax = df.plot()"],
  ["for a in b:\n    a.plot()", "for a in b:\n    a.plot()"],
  ["plt.plot(\n  x,\n  c='r',\n)", "plt.plot(\n  x,\n  c='r',\n);"],
])("%j is quiet at its end", (code, expected) => {
  expect(withQuietEnd(code)).toBe(expected);
});

test.each([
  ["df.head()", "display(df.head())"],
  ["a, b", "display((a, b))"],
  ["f(a, b)", "display(f(a, b))"],
  ["print(a)", "print(a)"],
  ["x = 1; x", "x = 1; display(x)"],
  ["{'a': 1}", "display({'a': 1})"],
  ["df[a:b]", "display(df[a:b])"],
  ["lambda a: a", "display(lambda a: a)"],
  ["a == b  # c", "display(a == b)  # c"],
  ["x: int = 3", "x: int = 3"],
  ["import a", "import a"],
  ["type(x)", "display(type(x))"],
  ["x += 1", "x += 1"],
  ["await f()", "display(await f())"],
])("%j is shown at its end", (code, expected) => {
  expect(withShownEnd(code)).toBe(expected);
  expect(endsWithExpression(code)).toBe(expected !== code || code.startsWith("print"));
});

test("what ran to its end before a line", () => {
  const code = "a = 1\nfor i in b:\n    c\n    d\ne";
  expect(codeBefore(code, 4)).toBe("a = 1\n");
  expect(codeBefore(code, 1)).toBe("");
});

test("a Python string is one line of UTF-8", () => {
  expect(pythonString('a"b\\\n\u2028\ud800销')).toBe('"a\\"b\\\\\\n\\u2028\\ud800销"');
});

test("magics of notebooks are comments in a script", () => {
  expect(withoutMagics("%matplotlib inline\nx % y")).toBe("# %matplotlib inline\nx % y");
});

test.each([
  ["await f()", true],
  ["x = [await f()]", true],
  ["async with a:\n    pass", true],
  ["async def f():\n    await g()", false],
  ["x = 'await'", false],
])("%j waits at the top: %s", (code, expected) => {
  expect(awaitsAtTop(code)).toBe(expected);
});
