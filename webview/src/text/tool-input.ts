const lineLength = 160;

/** The input of a tool as one line: its values, where it is JSON. */
export function toolInputLine(input: string): string {
  const value = parseJson(input);
  const words = isObject(value) ? Object.values(value).map(wordOf).filter(Boolean).join(" · ") : wordOf(value ?? input);
  const line = words.replaceAll(/\s+/gu, " ").trim();
  return line.length > lineLength ? `${line.slice(0, lineLength)}…` : line;
}

/** The input of a tool as a person reads it: JSON on lines of its own; text with line breaks as it is. */
export function toolInputText(input: string): string {
  const value = parseJson(input);
  if (!isObject(value)) {
    return typeof value === "string" ? value : input.trim();
  }

  const fields = Object.entries(value);
  return fields
    .map(([name, field]) => `${name}: ${typeof field === "string" ? indented(field) : JSON.stringify(field, null, 2)}`)
    .join("\n");
}

function indented(text: string): string {
  return text.includes("\n") ? `\n${text}` : text;
}

function wordOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
