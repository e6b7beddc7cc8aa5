/** Ways in which an answer writes a figure of an output: as it is, as a percentage or a share, in thousands, 万, … */
const scales = [1, 100, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8, 1e-9];
const significantDigits = 3;

/**
 * Figures of an answer that nothing in `known` supports: no number there is the same, or rounds to it, as it is or in
 * another unit. A number of rows may also be the difference of two numbers, the rows that were left out, or what a column of
 * a printed table adds up to. Only figures of three significant digits and more count, years left out: smaller ones are too often
 * part of a sentence to say anything.
 */
export function unsupportedFigures(answer: string, known: string): readonly string[] {
  const knownValues = figures(known).map(({ value }) => value);
  const unsupported = figures(answer).filter(
    (figure) =>
      isTelling(figure) &&
      !isSupported(figure, knownValues) &&
      !(figure.countsRows && (isDifference(figure, knownValues) || columnTotals(known).has(figure.value))),
  );
  return [...new Set(unsupported.map(({ written }) => written))];
}

interface Figure {
  /** As the text has it. */
  readonly written: string;
  readonly value: number;
  /** Digits behind the decimal point. */
  readonly decimals: number;
  /** A word for rows follows. */
  readonly countsRows: boolean;
}

const rowWord = /^[^\S\n]*(?:\p{L}+[^\S\n]+)?(?:rows?|records?|lines?|行|条|个)/iu;
/** Numbers of an output that may take part in a difference. */
const mostTerms = 400;

function figures(text: string): readonly Figure[] {
  const matches = text.matchAll(/\d{1,3}(?:[,_\u00a0\u202f\u2009']\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g);
  return [...matches].map(({ 0: written, index }) => {
    const digits = written.replaceAll(/[,_\u00a0\u202f\u2009']/g, "");
    const decimals = /\.(\d+)$/.exec(digits)?.[1]?.length ?? 0;
    const countsRows = rowWord.test(text.slice(index + written.length, index + written.length + 40));
    return { written, value: Number(digits), decimals, countsRows };
  });
}

function isTelling({ written }: Figure): boolean {
  const isYear = /^(?:1[5-9]|20|21)\d\d$/.test(written);
  const digits = written.replaceAll(/\D/g, "").replace(/^0+/, "");
  return !isYear && digits.length >= significantDigits;
}

function isDifference({ value }: Figure, known: readonly number[]): boolean {
  const terms = new Set(known.filter(Number.isInteger).slice(-mostTerms));
  return [...terms].some((term) => terms.has(term - value));
}

/** What each column of whole numbers in the tables of a text adds up to. */
function columnTotals(text: string): ReadonlySet<number> {
  const totals = new Set<number>();
  let sums: readonly number[] = [];
  for (const written of [...text.split("\n"), ""]) {
    const line = written.replaceAll(/^\s*\||\|\s*$/g, "");
    if (/-/.test(line) && /^[\s|:-]+$/.test(line)) {
      // Below the header of a table in Markdown.
      continue;
    }

    const cells = line.trim().split(/(?<=\S) \| (?=\S)/);
    const values = cells.map((cell) => (/^-?\d+$/.test(cell.trim()) ? Number(cell) : Number.NaN));
    if (cells.length > 1 && cells.length === sums.length) {
      // A header is no number, and adds nothing.
      sums = sums.map((sum, index) => (sum === 0 && Number.isNaN(values[index]) ? 0 : sum + (values[index] ?? 0)));
    } else {
      sums.forEach((sum) => totals.add(sum));
      sums = cells.length > 1 ? values.map((value) => (Number.isNaN(value) ? 0 : value)) : [];
    }
  }

  return totals;
}

function isSupported({ value, decimals }: Figure, known: readonly number[]): boolean {
  // A figure that ends in zeros may itself have been rounded: 2,390,000 for 2,386,206.
  const zeros = decimals === 0 ? (/0*$/.exec(String(value))?.[0].length ?? 0) : 0;
  const kept = String(value).replace(/\D/g, "").length - zeros;
  const tolerance = (kept >= 2 ? 10 ** zeros : 1) * 10 ** -decimals * 0.5 * (1 + 1e-9);
  return known.some((number) => scales.some((scale) => Math.abs(number * scale - value) <= tolerance));
}
