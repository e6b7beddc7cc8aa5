import { describe, expect, it } from "vitest";
import { pick, seededDraw } from "../../testing/seeded-draw.ts";
import { classifyCell, knownWords } from "./parse-cell.ts";
import { parseDate } from "./parse-date.ts";
import { QuickKinds, type QuickKind } from "./quick-kind.ts";

const draw = seededDraw(5);
const scraps = [
  ...Array.from("0123456789abcdefgzABCTZM .,-/:+%$€￥年月日元%()'_"),
  ..."2024 2023-11-05 12:30:59 Jan March USD US$ RMB CNY AM PM UTC inf nan N/A true 是 无 缺失 数据 e5 ORD- \u3000".split(
    " ",
  ),
];

function samples(): string[] {
  const random = Array.from({ length: 60_000 }, () =>
    Array.from({ length: 1 + draw(7) }, () => pick(draw, scraps)).join(""),
  );
  const dates = Array.from({ length: 5000 }, () => {
    const two = (below: number): string => String(draw(below)).padStart(2, "0");
    const day = `20${two(40)}-${two(14)}-${two(33)}`;
    return pick(draw, [day, `${day} ${two(26)}:${two(63)}:${two(63)}`, `${day}T${two(24)}:${two(60)}:${two(60)}`]);
  });
  const words = knownWords.flatMap((word) => [word, word.toUpperCase(), `${word} `, `${word}x`, `x${word}`]);
  const long = Array.from({ length: 200 }, (_, length) => `a${"b1 ".repeat(length)}`);
  return [...random, ...dates, ...words, ...long].filter((text) => text !== "");
}

/** What the text is, as far as the quick look speaks of it. */
function slowKind(text: string): QuickKind | null {
  const kinds = [
    classifyCell(text),
    classifyCell(text, { decimal: ",", thousands: "." }),
    classifyCell(text, { decimal: ".", thousands: "'" }),
  ];
  if (kinds.every((kind) => kind === "text")) {
    return "text";
  }
  const date = kinds.every((kind) => kind === "date") ? parseDate(text) : null;
  const shapes: Readonly<Record<string, QuickKind>> = {
    "%Y-%m-%d": "day",
    "%Y-%m-%d %H:%M:%S": "blank-moment",
    "%Y-%m-%dT%H:%M:%S": "t-moment",
  };
  return shapes[date?.shape ?? ""] ?? null;
}

describe("a quick look at a cell", () => {
  it("says nothing that a close look does not say", () => {
    const quick = new QuickKinds();
    const answered = { text: 0, day: 0, "blank-moment": 0, "t-moment": 0 };
    for (const text of samples()) {
      const bytes = Buffer.from(text);
      const kind = quick.kindOf(bytes, 0, bytes.length);
      if (kind !== null) {
        answered[kind] += 1;
        expect([text, kind]).toEqual([text, slowKind(text)]);
      }
    }
    expect(Math.min(...Object.values(answered))).toBeGreaterThan(100);
  });

  it.each(["ORD-01-06195825", "Customer 12345", "9f86d081e", "late fragile gift", "北京市海淀区"])(
    "knows %s for text",
    (text) => {
      const bytes = Buffer.from(text);
      expect(new QuickKinds().kindOf(bytes, 0, bytes.length)).toBe("text");
    },
  );
});
