/** The JSON object in a model's reply, in a fence or among words; `undefined` where there is none. */
export function jsonIn(text: string): unknown {
  const begun = text.slice(Math.max(0, text.indexOf("{")));
  // Words behind it may have a brace too.
  for (let to = begun.lastIndexOf("}"); to > 0; to = begun.lastIndexOf("}", to - 1)) {
    try {
      return JSON.parse(begun.slice(0, to + 1));
    } catch {
      continue;
    }
  }

  return undefined;
}
