import { expect, test } from "vitest";
import { leftOutText } from "./left-out-text.ts";

test.each([
  ["password", "en", /password/],
  ["password", "zh-cn", /密码/],
  ["first-pages 12 300", "en", /^only the first 12 of 300 pages/],
  ["first-pages 12 300", "zh-tw", /共 300 页，只读取了前 12 页/],
  ["first-megabytes 50; masked-keys 2", "en", /50 MB.*; .*\(2\)$/],
  ["something of a later version", "zh", /^something of a later version$/],
])("%s in %s", (reason, locale, said) => {
  expect(leftOutText(reason, locale)).toMatch(said);
});
