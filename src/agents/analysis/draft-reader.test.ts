import { expect, test } from "vitest";
import { DraftReader } from "./draft-reader.ts";

const cases: readonly { name: string; text: string; comment: string; code: string | null; whole?: string }[] = [
  { name: "text alone", text: "Hello `x` there.\nSecond line.", comment: "Hello `x` there.\nSecond line.", code: null },
  {
    name: "a block after a comment",
    text: "I will add.\n\n```python\nprint(1)\n```\nIt prints 1.",
    comment: "I will add.",
    code: "print(1)",
    whole: "I will add.\n\nIt prints 1.",
  },
  { name: "a block that never closes", text: "```py\nx = 1\nprint(x)", comment: "", code: "x = 1\nprint(x)" },
  {
    name: "two blocks",
    text: "```python\na = 1\n```\nthen\n```python\nprint(a)\n```",
    comment: "",
    code: "a = 1\n\nprint(a)",
    whole: "then",
  },
  {
    name: "a block of another language",
    text: "Run:\n```bash\nls\n```\ndone",
    comment: "Run:\n```bash\nls\n```\ndone",
    code: null,
  },
  {
    name: "no language, Python inside",
    text: "```\nimport pandas as pd\nprint(1)\n```",
    comment: "",
    code: "import pandas as pd\nprint(1)",
  },
  {
    name: "no language, no Python inside",
    text: "```\nYear Deaths\n1901 2\n```",
    comment: "```\nYear Deaths\n1901 2\n```",
    code: null,
  },
  {
    name: "backticks inside code",
    text: "````python\ns = '''\n```\n'''\n````",
    comment: "",
    code: "s = '''\n```\n'''",
  },
  { name: "Windows line ends", text: "Ok\r\n```python\r\nprint(1)\r\n```\r\n", comment: "Ok", code: "print(1)" },
  { name: "Chinese", text: "先读文件。\n```python\nprint('合计')\n```", comment: "先读文件。", code: "print('合计')" },
];

for (const size of [1, 2, 3, 7, 1000]) {
  test.each(cases)(`$name, in pieces of ${size}`, ({ text, comment, code, whole }) => {
    const reader = new DraftReader(true);
    const shown = { text: "", code: "" };
    for (let index = 0; index < text.length; index += size) {
      for (const piece of reader.read(text.slice(index, index + size))) {
        shown[piece.kind] += piece.text;
      }
    }

    for (const piece of reader.end()) {
      shown[piece.kind] += piece.text;
    }

    expect({ comment: reader.comment, code: reader.fencedCode, text: reader.text }).toEqual({
      comment,
      code,
      text: whole ?? comment,
    });
    expect(shown.text.trim()).toBe(comment);
    expect(shown.code.replaceAll(/\s+/g, "")).toBe((code ?? "").replaceAll(/\s+/g, ""));
  });
}

test("leaves fences in the text where they are not code to run", () => {
  const reader = new DraftReader(false);
  reader.read("So:\n```python\nprint(1)\n```\n");
  reader.end();
  expect([reader.fencedCode, reader.comment]).toEqual([null, "So:\n```python\nprint(1)\n```"]);
});

test.each([1, 2, 3, 5, 100])("reads the code of a tool call in pieces of %i", (size) => {
  const code = 'print("a\\b")\n# 合计 \u00e9 /';
  const text = JSON.stringify({ code }).replaceAll("é", "\\u00e9");
  const reader = new DraftReader(true);
  let shown = "";
  for (let index = 0; index < text.length; index += size) {
    shown += reader
      .readArguments(text.slice(index, index + size))
      .map((piece) => piece.text)
      .join("");
  }

  expect(shown).toBe(code);
});
