/** The JSON object in a model's reply, in a fence or among words; `undefined` where there is none. */
export function jsonIn(text: string): unknown {
  const from = text.indexOf("{");
  for (let to = text.lastIndexOf("}"); from !== -1 && to > from; to = text.lastIndexOf("}", to - 1)) {
    try {
      return JSON.parse(text.slice(from, to + 1));
    } catch {
      // Words behind it may have a brace too.
    }
  }

  return undefined;
}
