import { expect, test } from "vitest";
import { serverPlace } from "./server-place.ts";

const text = `{
  // "notes": of old
  "servers": { "notes": {}, "w\\u200biki": { "url": "" } }
}`;

test.each([
  ["notes", { line: 2, column: 6, length: 7 }],
  ["w\u200biki", { line: 3, column: 29, length: 12 }],
  ["gone", { line: 1, column: 1, length: 1 }],
  [null, { line: 1, column: 1, length: 1 }],
])("%s", (server, place) => {
  expect(serverPlace(text, server)).toEqual(place);
});
