const digits: Readonly<Record<string, number>> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};
const units: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1_000 };
const groups: Readonly<Record<string, number>> = { 万: 10_000, 亿: 100_000_000 };
const numeral = /[零〇一二两三四五六七八九十百千万亿]+/gu;

/** The numbers that a text writes in Chinese characters, as digits with spaces between: `三百二十` gives `320`. */
export function chineseFigures(text: string): string {
  return Array.from(text.matchAll(numeral), ([written]) => String(valueOf(written))).join(" ");
}

function valueOf(written: string): number {
  const characters = Array.from(written);
  if (characters.every((character) => character in digits)) {
    return Number(characters.map((character) => digits[character]).join(""));
  }

  let sum = 0;
  let group = 0;
  let digit: number | null = null;
  for (const character of characters) {
    const unit = units[character];
    const larger = groups[character];
    if (unit !== undefined) {
      group += (digit ?? 1) * unit;
      digit = null;
    } else if (larger !== undefined) {
      sum = (sum + group + (digit ?? 0)) * larger;
      group = 0;
      digit = null;
    } else {
      digit = digits[character] ?? 0;
    }
  }

  return sum + group + (digit ?? 0);
}
