import iconv from "iconv-lite";

/** A language by its letters beyond ASCII, most frequent first, and the encodings in which its texts come. */
interface Language {
  readonly letters: string;
  readonly encodings: readonly string[];
  /** Letters have an upper and a lower case. */
  readonly cased: boolean;
}

const western = ["windows-1252", "iso-8859-15", "macintosh", "cp850"] as const;
const cyrillic = ["windows-1251", "koi8-r", "cp866", "iso-8859-5"] as const;

const languages: readonly Language[] = [
  { letters: "üäößéèà", encodings: western, cased: true },
  { letters: "éèàêçôîûùâïëœüöæ", encodings: western, cased: true },
  { letters: "óíáéñúüçº¿¡ª", encodings: western, cased: true },
  { letters: "ãçáéíóêõâúàôüº", encodings: western, cased: true },
  { letters: "àèìòùé", encodings: western, cased: true },
  { letters: "åäöéøæüà", encodings: western, cased: true },
  { letters: "íáóðéþúæöý", encodings: western, cased: true },
  { letters: "łóąężśćńźé", encodings: ["windows-1250", "iso-8859-2"], cased: true },
  { letters: "íáěřéžčšýůúňďťó", encodings: ["windows-1250", "iso-8859-2"], cased: true },
  { letters: "áíéčšžýúťľôňďäóĺŕ", encodings: ["windows-1250", "iso-8859-2"], cased: true },
  { letters: "áéőóöíüúű", encodings: ["windows-1250", "iso-8859-2"], cased: true },
  { letters: "čšžćđ", encodings: ["windows-1250", "iso-8859-2"], cased: true },
  { letters: "ăîâţşșț", encodings: ["windows-1250", "iso-8859-2"], cased: true },
  { letters: "ıüşğöçâîû", encodings: ["windows-1254"], cased: true },
  { letters: "ėšųįžčąūę", encodings: ["windows-1257"], cased: true },
  { letters: "āīēšķģļņūčž", encodings: ["windows-1257"], cased: true },
  { letters: "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", encodings: cyrillic, cased: true },
  { letters: "оаинветрслкдмпузбіяьгйчхцжїюшєщфґ", encodings: ["windows-1251"], cased: true },
  { letters: "αοιετσνηυρπκμλςγδωχθόάίφήέύβξώζψϊ", encodings: ["windows-1253"], cased: true },
  { letters: "יוהלאמרתבשנדםכחעקפסטגצןזךףץ", encodings: ["windows-1255"], cased: false },
  { letters: "اليمنرتبةعدسفهكقأحجشطصخذىثئءضغآإظزؤپچگ،؛", encodings: ["windows-1256"], cased: false },
  { letters: "ารนกอเงมยวทลสดคตบพ่ี้ัห็ิปใขช์แไะุูจื๊๋ผถธณโซำศภฟญษฐฉึๆฝฑฬฮฒฏฎฆ", encodings: ["windows-874"], cased: false },
];

/** What an encoding that is rare today must outdo the usual one by. */
const rarity: Readonly<Record<string, number>> = {
  "iso-8859-15": 0.97,
  "iso-8859-2": 0.97,
  "iso-8859-5": 0.9,
  "windows-1257": 0.96,
  "koi8-r": 0.94,
  cp866: 0.92,
  macintosh: 0.9,
  cp850: 0.9,
};

/** Signs that stand in any text. */
const signs = /[\u2010-\u2027\u20ac£§°²³µ«»\u00a0¥©®±·½]/u;
/** A letter that stands alone before digits, where a currency stands. */
const loneLetter = /(?<!\p{L})(?=[^\0-\x7fØø])\p{Script=Latin}(?=\d)/gu;
const foreignWord = /(?:(?<!\p{L})\p{L}*)?[^\0-\x7f]\p{L}*/gu;

/** How likely each letter is, upper case included: falls with its rank. */
function likelihoods({ letters, cased }: Language): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  Array.from(letters).forEach((letter, rank) => {
    const likely = 1 - (0.6 * rank) / letters.length;
    found.set(letter, likely);
    if (cased) {
      found.set(letter.toUpperCase(), likely * 0.9);
    }
  });
  return found;
}

const tables = languages.map((language) => ({ language, likely: likelihoods(language) }));

/** How far the words with foreign letters look like words: one script, capitals at the start or everywhere. */
function wordShape(text: string): number {
  const words = (text.match(foreignWord) ?? []).filter((word) => /\p{L}/u.test(word));
  if (words.length === 0) {
    return 0.85;
  }
  const good = words.filter((word) => {
    const latin = /\p{Script=Latin}/u.test(word);
    const mixed = latin && /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Arabic}]/u.test(word);
    const oddCase = /\p{Ll}\p{Lu}/u.test(word) || /^ς./u.test(word);
    return !mixed && !oddCase && !(latin && /^[^\0-\x7f]{4,}$/u.test(word));
  });
  return Math.max(0, good.length - (text.match(loneLetter) ?? []).length) / words.length;
}

/** How well the foreign characters of a text fit a language, 0 to 1. */
function fit(characters: readonly string[], likely: ReadonlyMap<string, number>): number {
  let sum = 0;
  let letters = 0;
  for (const character of characters) {
    const known = likely.get(character);
    if (known !== undefined) {
      sum += known;
      letters += 1;
    } else if (!signs.test(character)) {
      letters += 1;
    }
  }
  return letters === 0 ? 0.75 : sum / letters;
}

/** How plausible each single-byte encoding is for a sample, 0 to 1. */
export function singleByteGuesses(sample: Buffer): { readonly encoding: string; readonly plausibility: number }[] {
  const encodings = [...new Set(languages.flatMap((language) => language.encodings))];
  return encodings.map((encoding) => {
    const text = iconv.decode(sample, encoding);
    if (/[\x80-\x9f\ufffd\ue000-\uf8ff]/u.test(text)) {
      return { encoding, plausibility: 0 };
    }
    const characters = text.match(/[^\0-\x7f]/gu) ?? [];
    const best = Math.max(
      ...tables
        .filter(({ language }) => language.encodings.includes(encoding))
        .map(({ likely }) => fit(characters, likely)),
    );
    const few = (rarity[encoding] ?? 1) < 0.95 ? Math.min(1, 0.5 + characters.length / 12) : 1;
    // Signs alone tell no language: the most usual encoding has them.
    const lettered = encoding === "windows-1252" || characters.some((character) => /\p{L}/u.test(character)) ? 1 : 0.85;
    const euro = encoding === "iso-8859-15" && text.includes("€") ? 1.05 : 1;
    return { encoding, plausibility: best * wordShape(text) * (rarity[encoding] ?? 1) * few * euro * lettered };
  });
}
