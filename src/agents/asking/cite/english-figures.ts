const small: Readonly<Record<string, number>> = Object.fromEntries(
  `zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
  eighteen nineteen`
    .split(/\s+/u)
    .map((word, value) => [word, value]),
);
const tens: Readonly<Record<string, number>> = Object.fromEntries(
  "twenty thirty forty fifty sixty seventy eighty ninety".split(" ").map((word, index) => [word, (index + 2) * 10]),
);
const groups: Readonly<Record<string, number>> = { thousand: 1_000, million: 1_000_000, billion: 1_000_000_000 };
const words = [...Object.keys(small), ...Object.keys(tens), "hundred", ...Object.keys(groups)].join("|");
const numeral = new RegExp(String.raw`\b(?:${words})(?:(?:\s+and)?[\s-]+(?:${words}))*\b`, "giu");

/** The numbers that a text writes in English words, as digits with spaces between: `twenty-five` gives `25`. */
export function englishFigures(text: string): string {
  return Array.from(text.matchAll(numeral), ([written]) => String(valueOf(written))).join(" ");
}

function valueOf(written: string): number {
  let sum = 0;
  let group = 0;
  for (const word of written.toLowerCase().split(/[\s-]+/u)) {
    const larger = groups[word];
    if (word === "hundred") {
      group = Math.max(1, group) * 100;
    } else if (larger === undefined) {
      group += small[word] ?? tens[word] ?? 0;
    } else {
      sum += Math.max(1, group) * larger;
      group = 0;
    }
  }

  return sum + group;
}
