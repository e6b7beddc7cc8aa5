/**
 * Counts JSON documents that stand one after another in a text, as some logs and commands write them.
 *
 * @returns 0 when some of the text is in none of them, or one of them is not JSON
 */
export function countDocuments(text: string): number {
  const token = /"(?:[^"\\]|\\.)*"|[[\]{}]/gu;
  let depth = 0;
  let start = 0;
  let count = 0;
  for (const { 0: found, index } of text.matchAll(token)) {
    depth += found === "{" || found === "[" ? 1 : found === "}" || found === "]" ? -1 : 0;
    if (depth === 0) {
      const end = index + found.length;
      if (!isJson(text.slice(start, end))) {
        return 0;
      }
      count += 1;
      start = end;
    }
  }
  return text.slice(start).trim() === "" ? count : 0;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
