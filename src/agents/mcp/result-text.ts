import type { ToolResult } from "../ports/tool.ts";

type Fields = { readonly [key: string]: unknown };

/**
 * What a tool gave back as text: its texts, what is no text as a note, and its structured content where the texts do not
 * hold it already.
 *
 * @param most Characters; what is beyond is left out, and said to be.
 */
export function resultText(result: unknown, most: number): ToolResult {
  const { content, structuredContent, isError } = fieldsOf(result);
  const parts = Array.isArray(content) ? content.map((part: unknown) => partText(fieldsOf(part))) : [];
  const structured = structuredContent === undefined ? "" : JSON.stringify(structuredContent);
  const isSaid = parts.some((part) => sameJson(part, structured));
  const text = [...parts, ...(structured === "" || isSaid ? [] : [structured])].filter((part) => part !== "");
  return { text: cut(text.join("\n\n"), most), failed: isError === true };
}

function partText(part: Fields): string {
  const { type, text, resource, uri, name } = part;
  switch (type) {
    case "text":
      return textOf(text);
    case "image":
    case "audio":
      return noteOf(type, part);
    case "resource": {
      const held = fieldsOf(resource);
      return typeof held["text"] === "string"
        ? `${textOf(held["uri"])}\n${held["text"]}`
        : noteOf(textOf(held["uri"]) || "resource", held);
    }
    case "resource_link":
      return `[link: ${[textOf(name), textOf(uri)].filter((word) => word !== "").join(" ")}]`;
    default:
      return "";
  }
}

/** What cannot be shown as text. */
function noteOf(what: string, { mimeType, data, blob }: Fields): string {
  const base64 = textOf(data) || textOf(blob);
  const size = Math.floor((base64.length * 3) / 4);
  const kind = textOf(mimeType);
  return `[${what}${kind === "" ? "" : `, ${kind}`}, ${size} bytes: cannot be shown as text]`;
}

function sameJson(text: string, json: string): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === json;
  } catch {
    return false;
  }
}

function cut(text: string, most: number): string {
  return text.length <= most
    ? text
    : `${text.slice(0, most)}\n… (${text.length - most} more characters of the result are left out)`;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
