import { expect, test } from "vitest";
import { makePdf, type PdfText } from "../../../testing/make-pdf.ts";
import { readPdf } from "./read-pdf.ts";

async function textOf(page: readonly PdfText[]): Promise<string> {
  const parsed = await readPdf(makePdf([page]));
  return parsed.type === "parsed" ? parsed.document.text : parsed.reason;
}

const mirrored = new Map([
  ["(", ")"],
  [")", "("],
]);

/** How pieces of a line that runs from the right are drawn, from left to right; what is Latin, and figures, stays as it is. */
const drawn = (...pieces: readonly string[]): string =>
  pieces
    .toReversed()
    .map((piece) =>
      /[A-Za-z0-9]/u.test(piece)
        ? piece
        : Array.from(piece, (character) => mirrored.get(character) ?? character)
            .toReversed()
            .join(""),
    )
    .join("");

/** A line that ends at the right margin. */
const line = (y: number, text: string, right = 500): PdfText => ({ x: right - text.length * 5, y, text });

test.each([
  ["Hebrew", [line(700, drawn("שלום עולם ומה שלומך היום"))], "שלום עולם ומה שלומך היום"],
  [
    "with a figure, brackets and a full stop",
    [line(700, drawn("המחיר הוא ", "25.50", " שקל (כולל מס) עד ", "31/12/2024", "."))],
    "המחיר הוא 25.50 שקל (כולל מס) עד 31/12/2024.",
  ],
  [
    "with English words in it",
    [line(700, drawn("התקן את ", "Visual Studio Code", " לפני ההרצה"))],
    "התקן את Visual Studio Code לפני ההרצה",
  ],
  [
    "Arabic in the forms that letters have in words",
    [line(700, drawn("\ufee3\ufeae\ufea3\ufe92\ufe8e ", "1998", " (\ufee3\ufebc\ufeae)"))],
    "مرحبا 1998 (مصر)",
  ],
  [
    "a name in an English line",
    [
      { x: 72, y: 700, text: "The word " },
      { x: 120, y: 700, text: drawn("שלום") },
      { x: 150, y: 700, text: "means peace (and more)." },
    ],
    "The word שלום means peace (and more).",
  ],
])("a line that runs from the right is read as it is said: %s", async (_, page, said) => {
  expect(await textOf(page)).toBe(`${said}\n`);
});

test("lines of a paragraph end at the left, and the next paragraph begins at the right", async () => {
  const texts = [
    "הנמל היה שקט באותו הבוקר והסירות שכבו",
    "בלי נוע על המים הירוקים והכהים שמתחת",
    "לגשר הישן.",
    "בעיר למעלה פתחו האנשים את התריסים שלהם",
    "וטאטאו את המדרגות שלפני הבתים כמו תמיד",
  ];
  const page = texts.map((text, at) => line(700 - at * 12, drawn(text)));
  expect(await textOf(page)).toBe(`${texts.slice(0, 3).join(" ")}\n${texts.slice(3).join(" ")}\n`);
});

test("on a page that runs from the right, a line with more English words does too, drawn word by word", async () => {
  const before = ["הנמל היה שקט באותו הבוקר והסירות שכבו", "בלי נוע על המים הירוקים והכהים שמתחת"];
  const last = [
    { x: 300, y: 600, text: "Visual" },
    { x: 335, y: 600, text: "Studio" },
    { x: 370, y: 600, text: "Code" },
    { x: 400, y: 600, text: "Insiders" },
    { x: 444, y: 600, text: drawn("את") },
    { x: 458, y: 600, text: drawn("התקן") },
  ];
  const page = [...before.map((text, at) => line(700 - at * 12, drawn(text))), ...last];
  expect(await textOf(page)).toBe(`${before.join(" ")}\n\nהתקן את Visual Studio Code Insiders\n`);
});

test("of two columns the right one is read first", async () => {
  const right = [
    "הנמל היה שקט באותו הבוקר והסירות שכבו",
    "בלי נוע על המים הירוקים והכהים שמתחת",
    "לגשר הישן כי שום רוח לא באה מן ההרים",
    "מאז צלצלו הפעמונים לתפילה של הבוקר בו",
    "איש לא דיבר על הספינה שאיחרה לחזור אז",
  ];
  const left = [
    "בעיר למעלה פתחו האנשים את התריסים וגם",
    "טאטאו את המדרגות שלפני הבתים כמו תמיד",
    "והביטו אל המקום שבו הים נגמר בקו לבן",
    "של ערפל שמאחוריו אפשר היה לראות הכול",
    "או לא לראות דבר כי היום עוד לא התחיל",
  ];
  const page = right.flatMap((text, at) => [
    line(600 - at * 12, drawn(text), 560),
    line(600 - at * 12, drawn(left[at] ?? ""), 290),
  ]);
  expect(await textOf(page)).toBe(`${right.join(" ")}\n\n${left.join(" ")}\n`);
});
