/** First and last code points of scripts that are written without spaces between words, rising. */
const ranges: readonly (readonly [first: number, last: number])[] = [
  [0x0e01, 0x0e3a], // Thai
  [0x0e40, 0x0eff], // Thai, Lao
  [0x1000, 0x109f], // Burmese
  [0x1780, 0x17d3], // Khmer
  [0x3005, 0x3007], // ideographic marks
  [0x3041, 0x30fa], // kana
  [0x30fc, 0x30ff],
  [0x3400, 0x9fff], // Han
  [0xac00, 0xd7af], // Hangul
  [0xf900, 0xfaff], // Han, for compatibility
  [0x20000, 0x323af], // Han, rare
];

/**
 * Says whether a character belongs to a script that is written without spaces between words, or, as Korean is, with
 * endings that stick to words. Such text is indexed as overlapping pairs of characters.
 *
 * @param codePoint of the character
 */
export function isSpaceless(codePoint: number): boolean {
  if (codePoint >= 0x4e00 && codePoint <= 0x9fff) {
    return true;
  }
  return codePoint >= 0x0e01 && ranges.some(([first, last]) => codePoint >= first && codePoint <= last);
}
