/** How a language writes numbers. */
export interface NumberWords {
  /** With grouping; at most 6 significant fraction digits. */
  number(value: number): string;
}

/** @param locale BCP 47; an unknown one falls back to that of the system. */
export function createNumberWords(locale: string): NumberWords {
  const plain = new Intl.NumberFormat(supportedLocale(locale), { maximumFractionDigits: 6 });
  return { number: (value) => plain.format(value) };
}

/** The locale where this runtime knows it; `undefined`, which means that of the system, where not. */
export function supportedLocale(locale: string): string | undefined {
  try {
    return Intl.NumberFormat.supportedLocalesOf([locale])[0];
  } catch {
    return undefined;
  }
}
