interface Script {
  readonly pattern: RegExp;
  /** What a character counts beside a letter of a script that writes words with many. */
  readonly weight: number;
  readonly name: string;
}

const scripts: readonly Script[] = [
  { name: "Japanese", pattern: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu, weight: 3 },
  { name: "Chinese", pattern: /\p{Script=Han}/gu, weight: 3 },
  { name: "Korean", pattern: /\p{Script=Hangul}/gu, weight: 2 },
  { name: "Russian", pattern: /\p{Script=Cyrillic}/gu, weight: 1 },
  { name: "Greek", pattern: /\p{Script=Greek}/gu, weight: 1 },
  { name: "Arabic", pattern: /\p{Script=Arabic}/gu, weight: 1 },
  { name: "Hebrew", pattern: /\p{Script=Hebrew}/gu, weight: 1 },
  { name: "Hindi", pattern: /\p{Script=Devanagari}/gu, weight: 1 },
  { name: "Thai", pattern: /\p{Script=Thai}/gu, weight: 1 },
];
const latin = /\p{Script=Latin}/gu;

/** Frequent words of languages in Latin letters that the others do not have, or hardly. */
const frequent: readonly (readonly [name: string, words: string])[] = [
  ["English", "the of and is are was were to for with that this which what who how does not from be have has it by"],
  ["German", "der die das und ist sind ein eine nicht mit für von auf wie wer wann welche werden wird im dem zu bei"],
  ["French", "le la les des et est une dans pour que qui du au sur avec quel quelle sont pas par combien quand où"],
  ["Spanish", "el la los las y es una del para por que con como qué cuál cuánto cuándo son más se su al está"],
  ["Italian", "il la gli della di che è una per con non sono come quale quanto quando dei nel alla più anche dal"],
  ["Portuguese", "o os as da do em não uma para com que são qual quanto quando dos das ao mais pelo foi você"],
  ["Dutch", "de het een en van niet met voor zijn wordt welke hoe wat wanneer op aan bij door deze naar"],
];
const languageOfWord = new Map<string, readonly string[]>();
for (const [name, words] of frequent) {
  for (const word of words.split(" ")) {
    languageOfWord.set(word, [...(languageOfWord.get(word) ?? []), name]);
  }
}

const ownNames: Readonly<Record<string, readonly string[]>> = {
  English: ["英文", "英语", "英語", "Englisch", "anglais", "inglés", "inglese"],
  Chinese: ["中文", "汉语", "Chinesisch", "chinois", "chino", "Simplified Chinese", "简体中文"],
  Japanese: ["日本語", "日文", "日语"],
  Korean: ["한국어", "韩语", "韩文"],
  German: ["Deutsch", "德语", "德文", "allemand"],
  French: ["français", "Französisch", "法语", "法文"],
  Spanish: ["español", "Spanisch", "西班牙语"],
  Italian: ["italiano", "Italienisch", "意大利语"],
  Portuguese: ["português", "Portugiesisch", "葡萄牙语"],
  Dutch: ["Nederlands", "Niederländisch", "荷兰语"],
  Russian: ["русский", "Russisch", "俄语", "俄文"],
};

const languageByName = new Map(
  [...scripts.map(({ name }) => name), ...frequent.map(([name]) => name)].flatMap((name) =>
    [name, ...(ownNames[name] ?? [])].map((called): [string, string] => [called.toLowerCase(), name]),
  ),
);

/** A script or language with a smaller share of a text does not count as one that it is written in. */
const leastShare = 0.2;
/** Chinese quotes a word of Japanese now and then. */
const leastKana = 0.15;
/** A language leads the next one by so much. */
const lead = 1.5;

/** Whether a language, by its English name, is written in Latin letters. */
export function isInLatinLetters(language: string): boolean {
  return frequent.some(([name]) => name === language);
}

/** The English name of a language that is called by one of its names; `null` for other words. */
export function languageCalled(words: string): string | null {
  return languageByName.get(words.trim().toLowerCase()) ?? null;
}

/**
 * The languages that a text is written in, by English name, the one with most of it first; empty where it does not tell,
 * as with figures and names alone. Languages in one script are told apart by their most frequent words.
 *
 * @param fewestWords Of a language in Latin letters; a question is short, a passage is not.
 */
export function languagesOf(text: string, fewestWords = 1): readonly string[] {
  const sizes = scripts
    .map(({ name, pattern, weight }) => ({ name, size: (text.match(pattern)?.length ?? 0) * weight }))
    .filter(({ size }) => size > 0);
  const latinSize = text.match(latin)?.length ?? 0;
  const all = sizes.reduce((sum, { size }) => sum + size, latinSize);
  const isJapanese = sizes.some(({ name, size }) => name === "Japanese" && size >= all * leastKana);
  const written = sizes
    // Japanese is written with characters of Chinese as well.
    .filter(({ name, size }) => (name === "Japanese" ? isJapanese : size >= all * leastShare))
    .filter(({ name }) => name !== "Chinese" || !isJapanese);
  const latinName = latinSize >= all * leastShare ? latinLanguage(text, fewestWords) : null;
  const found = latinName === null ? written : [...written, { name: latinName, size: latinSize }];
  return found.toSorted((a, b) => b.size - a.size).map(({ name }) => name);
}

function latinLanguage(text: string, fewestWords: number): string | null {
  const counts = new Map<string, number>();
  for (const word of text.toLowerCase().match(/\p{Script=Latin}+/gu) ?? []) {
    for (const name of languageOfWord.get(word) ?? []) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }

  const [first, second] = [...counts].toSorted(([, a], [, b]) => b - a);
  const isPlain = first !== undefined && first[1] >= fewestWords && first[1] >= lead * (second?.[1] ?? 0);
  return isPlain ? first[0] : null;
}
