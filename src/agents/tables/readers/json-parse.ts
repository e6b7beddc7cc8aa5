/** Numbers beyond 2^53 keep their digits: the source text decides, not the rounded value. */
function exactNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === "number" && source !== undefined && !Number.isSafeInteger(value) && /^-?\d+$/u.test(source)
    ? BigInt(source)
    : value;
}

const inText = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/gu;

/** Python and JavaScript libraries write numbers that JSON does not know; they are no values. */
function withoutStrangeNumbers(text: string): string {
  return text.replaceAll(inText, (found) => (found.startsWith('"') ? found : "null"));
}

/** Says whether a text that is no JSON may be some with `NaN` or `Infinity` in it. */
const isStrange = (text: string): boolean => /\b(NaN|Infinity)\b/u.test(text);

/**
 * Parses JSON. `NaN` and `Infinity`, which are none, are read as `null`.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, exactNumbers);
  } catch (error) {
    if (!isStrange(text)) {
      throw error;
    }
    return JSON.parse(withoutStrangeNumbers(text), exactNumbers);
  }
}
