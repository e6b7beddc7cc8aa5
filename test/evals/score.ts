/** One fact that an answer must state: a number in any grouping, or words in either spelling of their case. */
export type Fact = string | number;

/** The facts that `answer` does not state. */
export function missingFacts(answer: string, facts: readonly Fact[]): readonly Fact[] {
  const text = normalized(answer);
  return facts.filter((fact) =>
    typeof fact === "number" ? !statesNumber(text, fact) : !text.includes(normalized(fact)),
  );
}

/** All scalars of an expected answer, however nested. */
export function factsOf(expected: unknown): readonly Fact[] {
  if (typeof expected === "string" || typeof expected === "number") {
    return [expected];
  }

  return expected !== null && typeof expected === "object" ? Object.values(expected).flatMap(factsOf) : [];
}

function statesNumber(text: string, value: number): boolean {
  const numbers = text.match(/-?\d+(?:\.\d+)?/g) ?? [];
  return numbers.some((found) => Number(found) === value);
}

/** Lower case, without marks of emphasis and without the separators inside numbers. */
function normalized(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[*_`]/g, "")
    .replaceAll(/(?<=\d)[,\u00a0\u202f\u2009'](?=\d{3}(?!\d))/g, "");
}
