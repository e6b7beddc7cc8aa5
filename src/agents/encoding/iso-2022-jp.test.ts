import { expect, it } from "vitest";
import { isIso2022Jp } from "./iso-2022-jp.ts";
import { legacyDecoder } from "./legacy-encoding.ts";

const escaped = "\u001b$BHV9f\u001b(B,\u001b(I1\u001b(B,\u001b(J7\u001b$B;3ED\nabc,\u001b$@ED";

it.each([1, 2, 3, 5, 100])("decodes pieces of %i bytes", (size) => {
  const bytes = Buffer.from(escaped);
  const decoder = legacyDecoder("iso-2022-jp");
  let text = "";
  for (let at = 0; at < bytes.length; at += size) {
    text += decoder.decode(bytes.subarray(at, at + size));
  }
  expect(text + decoder.end()).toBe("番号,ｱ,7山田\nabc,田");
});

it("tells escapes of Japanese from those of a terminal", () => {
  expect(isIso2022Jp(Buffer.from(escaped))).toBe(true);
  expect(isIso2022Jp(Buffer.from("a,b\n\u001b[31m1\u001b[0m,2\n"))).toBe(false);
});
