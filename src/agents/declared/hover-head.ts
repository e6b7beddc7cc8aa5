import { type HeadContext, knownOf } from "./complete-head.ts";
import { type HeadPlace, headPlaceAt } from "./head-place.ts";
import { type SchemaPart, choicesOf, jsonSchemaOf, keysAt, partsAt } from "./json-schema.ts";
import type { Span } from "./place.ts";

/** What is said of a word, and from where to where the word goes. */
export interface HeadHover {
  readonly title: string;
  readonly text: string;
  readonly span: Span;
}

/** What is known of the key or the name at a place in the front matter. */
export function hoverHead(text: string, offset: number, context: HeadContext): HeadHover | null {
  const place = headPlaceAt(text, offset);
  if (place === null || place.word === "") {
    return null;
  }
  const schema = jsonSchemaOf(context.kind, context.locale);
  return place.is !== "value" && place.hasColon ? ofKey(schema, place) : ofName(schema, place, context);
}

function ofKey(schema: SchemaPart, { path, word, span }: HeadPlace): HeadHover | null {
  const part = keysAt(schema, path).find(([key]) => key === word)?.[1];
  return part?.description === undefined ? null : { title: word, text: part.description, span };
}

function ofName(schema: SchemaPart, { path, word, span }: HeadPlace, context: HeadContext): HeadHover | null {
  const parts = [path, path.slice(0, -1)].flatMap((one) => partsAt(schema, one)).flatMap((part) => choicesOf(part));
  const names = parts.find((part) => part["x-names"] !== undefined)?.["x-names"];
  const found = names === undefined ? undefined : knownOf(names, context).find(({ name }) => name === word);
  return found === undefined || found.description === "" ? null : { title: word, text: found.description, span };
}
