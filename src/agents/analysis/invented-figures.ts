/**
 * Figures of an answer that stand nowhere in `known`: numbers of three digits and more, years left out, however they
 * are grouped. Smaller ones are too often part of a sentence to say anything.
 */
export function inventedFigures(answer: string, known: string): readonly string[] {
  const knownFigures = new Set(figures(known).map(({ digits }) => digits));
  const invented = figures(answer).filter(
    ({ digits, isYear }) => digits.replace(/^0+|\..*$/g, "").length >= 3 && !isYear && !knownFigures.has(digits),
  );
  return [...new Set(invented.map(({ written }) => written))];
}

function figures(
  text: string,
): readonly { readonly written: string; readonly digits: string; readonly isYear: boolean }[] {
  const matches = text.matchAll(/\d{1,3}(?:[,\u00a0\u202f']\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?/g);
  return [...matches].map(([written]) => {
    const digits = written.replaceAll(/[,\u00a0\u202f']/g, "");
    return { written, digits, isYear: /^(?:1[5-9]|20|21)\d\d$/.test(written) };
  });
}
