/** Any JSON object: what a server sent, before it is known to make sense. */
export type JsonObject = { readonly [key: string]: unknown };

/** Narrows an unknown value to an object that is no array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Parses JSON as models write it: also with line breaks and tabs left raw inside strings, as happens when a program is
 * one of the values. `undefined` when it is no JSON even so.
 */
export function parseLenientJson(text: string): unknown {
  for (const candidate of [text, escapeControls(text)]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // The next reading may do.
    }
  }
  return undefined;
}

function escapeControls(text: string): string {
  let inString = false;
  let out = "";
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (inString && character === "\\") {
      out += character + text.charAt(index + 1);
      index++;
      continue;
    }
    if (character === '"') {
      inString = !inString;
    }
    out += inString && character < " " ? JSON.stringify(character).slice(1, -1) : character;
  }
  return out;
}
