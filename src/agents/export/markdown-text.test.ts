import markdownIt from "markdown-it";
import { expect, test } from "vitest";
import {
  fencedBlock,
  harmlessMarkdown,
  linkTarget,
  plainMarkdown,
  quotedMarkdown,
  withoutControls,
} from "./markdown-text.ts";

/** As permissive as a viewer may be: HTML passes, addresses become links. */
const viewer = markdownIt({ html: true, linkify: true });

/** What a viewer makes of it that is more than text and formatting. */
function reaches(markdown: string): readonly string[] {
  const tags = viewer
    .render(markdown)
    .match(/<(?!\/?(?:p|strong|em|code|pre|ul|ol|li|h\d|blockquote|table|thead|tbody|tr|t[hd]|hr|br|s)[\s>/])[^>]*>?/g);
  return tags ?? [];
}

const hostile = [
  "<img src=x onerror=alert(1)>",
  "[click](http://evil.example/?q=1)",
  "![x](http://evil.example/a.png)",
  "http://evil.example and www.evil.example",
  "<http://evil.example>",
  "[a]: http://evil.example\n\n[a]",
  "\\[x](http://evil.example)",
  "\\\\[x](http://evil.example)",
  "\\`a <img src=x>`",
  "`a` \\`<b>`<i>",
  "- ```\n  <img src=x>\n  ```\n\n<img src=y>",
  "- a\n\n  ```\n<img src=x>",
  "> ```\n<img src=x>\n```",
  "```\n<b>\n```` \n<img src=x>",
  "~~~ <img>\n~~~\n<img src=x>",
  "- ~~~\n\n<img src=x>",
  "| `a | <img src=x> ` |\n| - | - |\n| `b | <img src=y>` |",
  "</details><script>alert(1)</script>",
  "<!-- ",
  "&lt;img&gt; &#60;img&#62;",
  "`` ` <img src=x> ` ",
  "    <img src=x>\n\n\t<img src=y>",
  "a\u0000<\u001bimg src=x>",
];

test("the viewer of these tests would let most of it through", () => {
  expect(hostile.filter((text) => reaches(text).length > 0).length).toBeGreaterThan(hostile.length / 2);
});

test.each(hostile)("%j of a model shows text alone", (text) => {
  expect(reaches(harmlessMarkdown(text))).toEqual([]);
  expect(
    reaches(`<!-- -->\n\n${harmlessMarkdown(`# A\n\n${text}\n\nafter <u>`)}`).filter((tag) => tag !== "<!-- -->"),
  ).toEqual([]);
});

test.each(hostile)("%j of a file shows as it is", (text) => {
  expect(reaches(plainMarkdown(text))).toEqual([]);
  expect(reaches(quotedMarkdown(text))).toEqual([]);
  expect(reaches(fencedBlock(text))).toEqual([]);
  const shown = viewer.render(plainMarkdown(text)).replaceAll(/<[^>]*>/g, "");
  const decoded = shown
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
  expect(decoded.trim()).toBe(withoutControls(text).replaceAll(/\s+/g, " ").trim());
});

test("what a model formats stays formatted", () => {
  const html = viewer.render(
    harmlessMarkdown("**A** is `b<c>`\n\n| x | y |\n| - | - |\n| 1 | 2 |\n\n```python\na < b\n```"),
  );
  expect(html).toContain("<strong>A</strong> is <code>b&lt;c&gt;</code>");
  expect(html).toContain("<td>1</td>");
  expect(html).toContain('<code class="language-python">a &lt; b');
});

test("amounts are no mathematics", () => {
  expect(harmlessMarkdown("$5 to $6")).toBe("\\$5 to \\$6");
});

test("a fence holds whatever is in it", () => {
  const html = viewer.render(fencedBlock("a\n```\n<b>\n````\n"));
  expect(html.match(/<pre>/g)).toHaveLength(1);
  expect(html).toContain("````");
});

test("a link to a file beside the document", () => {
  expect(linkTarget("a (1)_files/图 1.png")).toBe("a%20%281%29_files/%E5%9B%BE%201.png");
});
