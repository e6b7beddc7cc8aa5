/** A number as a text writes it. */
export interface WrittenFigure {
  readonly written: string;
  readonly value: number;
  /** How far the number meant may lie from `value`, given the digits that are written. */
  readonly tolerance: number;
  /** Digits that say something: leading zeros and the zeros of a round number left out. */
  readonly significantDigits: number;
}

const units: Readonly<Record<string, number>> = {
  万亿: 1e12,
  trillion: 1e12,
  billion: 1e9,
  bn: 1e9,
  b: 1e9,
  亿: 1e8,
  千万: 1e7,
  million: 1e6,
  mn: 1e6,
  m: 1e6,
  百万: 1e6,
  万: 1e4,
  thousand: 1e3,
  k: 1e3,
  千: 1e3,
};

const pattern =
  /(\d{1,3}(?:[,，_\u00a0\u202f\u2009'’]\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}|\d+(?:\.\d+)?)(?:[^\S\n]*(万亿|千万|百万|亿|万|千|trillion|billion|million|thousand|bn|mn|[kmb](?![\p{L}²³])))?/giu;

/** The numbers of a text: `1,234,567`, `1.234.567`, `123.5万`, `1.2 million`. */
export function writtenFigures(text: string): readonly WrittenFigure[] {
  return [...text.normalize("NFKC").matchAll(pattern)].map(([written, digits = "", unit = ""]) => {
    const plain = /^\d{1,3}(?:\.\d{3}){2,}$/u.test(digits)
      ? digits.replaceAll(".", "")
      : digits.replaceAll(/[,，_\u00a0\u202f\u2009'’]/gu, "");
    const scale = units[unit.toLowerCase()] ?? 1;
    const decimals = /\.(\d+)$/u.exec(plain)?.[1]?.length ?? 0;
    const all = plain.replace(".", "").replace(/^0+/u, "");
    const zeros = decimals === 0 ? (/0*$/u.exec(all)?.[0].length ?? 0) : 0;
    const significantDigits = Math.max(all.length - zeros, 0);
    const lastDigit = decimals > 0 ? 10 ** -decimals : significantDigits >= 2 ? 10 ** zeros : 1;
    const value = Number(plain) * scale;
    return { written: written.trim(), value, tolerance: 0.5 * lastDigit * scale * (1 + 1e-9), significantDigits };
  });
}

/** The figure may stand for the number, which was rounded to the digits that are written. */
export function standsFor({ value, tolerance }: WrittenFigure, number: number): boolean {
  return Math.abs(Math.abs(number) - value) <= tolerance;
}
