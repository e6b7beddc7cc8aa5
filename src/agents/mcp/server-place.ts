/** Where the name of a server stands in the text of a configuration: line and column from 1, length in UTF-16 units. */
export function serverPlace(
  text: string,
  server: string | null,
): { readonly line: number; readonly column: number; readonly length: number } {
  // A key may be written with escapes: each is read as JSON reads it.
  const keys = [...text.matchAll(/"(?:[^"\\\n]|\\.)*"(?=\s*:)/gu)];
  const found = server === null ? undefined : keys.find(([key]) => meaningOf(key) === server);
  if (found === undefined) {
    return { line: 1, column: 1, length: Math.max(1, text.search(/\r?\n|$/u)) };
  }

  const before = text.slice(0, found.index).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, length: found[0].length };
}

function meaningOf(key: string): unknown {
  try {
    return JSON.parse(key);
  } catch {
    return undefined;
  }
}
