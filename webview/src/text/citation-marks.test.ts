import markdownIt from "markdown-it";
import { expect, test } from "vitest";
import { addCitationMarks, withoutOpenMark } from "./citation-marks.ts";

const parser = markdownIt({ html: false, linkify: true });
addCitationMarks(parser);
const marks = { citations: new Set([1, 2, 12]), doubts: new Set([1]) };

/** The text with every mark as `<n>` or `<?n>`. */
function drawn(text: string, growing = false): string {
  return parser
    .renderInline(text, { marks, growing })
    .replaceAll(/\u2060<span[^>]*data-cite="(\d+)"[^>]*>\d+<\/span>/gu, "<$1>")
    .replaceAll(/\u2060<span[^>]*data-doubt="(\d+)"[^>]*><span[^>]*><\/span><\/span>/gu, "<?$1>");
}

test.each([
  ["a citation", "Yes.[1]", "Yes.<1>"],
  ["several in a row", "Yes[1][2][12].", "Yes<1><2><12>."],
  ["a doubt", "Perhaps[?1].", "Perhaps<?1>."],
  ["within what is set off", "**yes[1]** _no[2]_", "<strong>yes<1></strong> <em>no<2></em>"],
  ["in Chinese", "三十天[1]。", "三十天<1>。"],
  ["after an exclamation mark", "Great![1]", "Great!<1>"],
  ["before a bracket that is no link", "[1](see below", "<1>(see below"],
  ["before an aside", "Yes[1] (see below)", "Yes<1> (see below)"],
  [
    "behind a written address",
    "https://example.org/a[1][2]",
    '<a href="https://example.org/a">https://example.org/a</a><1><2>',
  ],
])("is drawn: %s", (_name, text, expected) => {
  expect(drawn(text)).toBe(expected);
});

test.each([
  ["without a citation", "[3] and [?2]", "[3] and [?2]"],
  ["in code", "`a[1]`", "<code>a[1]</code>"],
  ["as a link", "[1](https://example.org)", '<a href="https://example.org">1</a>'],
  ["within a link", "[see [1]](https://example.org)", '<a href="https://example.org">see [1]</a>'],
  [
    "behind an address, without a citation",
    "https://example.org/a[3]",
    '<a href="https://example.org/a%5B3%5D">https://example.org/a[3]</a>',
  ],
  ["taken back", String.raw`\[1]`, "[1]"],
  ["not as a number", "[one] [1a] [] [1", "[one] [1a] [] [1"],
])("stays text: %s", (_name, text, expected) => {
  expect(drawn(text)).toBe(expected);
});

test("a definition further down does not take a mark", () => {
  const env = { marks };
  expect(parser.render("Yes[1][2].\n\n[1]: https://example.org\n", env)).toContain('data-cite="1"');
});

test("what may yet be code shows no mark while the text grows", () => {
  expect(drawn("say `a[1]", true)).toBe("say `a[1]");
  expect(drawn("say `a[1]` or[1]", true)).toBe("say <code>a[1]</code> or<1>");
  expect(drawn("say `a[1]", false)).toBe("say `a<1>");
});

test.each([
  ["Yes.[", "Yes."],
  ["Yes.[1", "Yes."],
  ["Yes.[?", "Yes."],
  ["Yes.[1][?12", "Yes.[1]"],
  ["Yes.[1]", "Yes.[1]"],
  ["list[a", "list[a"],
])("a mark that has not ended is held back: %j", (text, shown) => {
  expect(withoutOpenMark(text)).toBe(shown);
});
