import type { AgentFileKind } from "./agent-file-schema.ts";
import { splitFrontMatter } from "./front-matter.ts";
import { type HeadPlace, headPlaceAt } from "./head-place.ts";
import { type SchemaPart, choicesOf, jsonSchemaOf, keysAt, partsAt } from "./json-schema.ts";
import type { KnownName, KnownNames } from "./known-names.ts";
import type { Span } from "./place.ts";

/** Something that may be written at the caret. */
export interface HeadCompletion {
  readonly label: string;
  readonly kind: "key" | "value" | "agents" | "tools" | "models";
  /** As a snippet of the editor. */
  readonly snippet: string;
  readonly documentation: string;
  /** What it takes the place of. */
  readonly span: Span;
}

/** What is looked up while somebody writes an agent's file. */
export interface HeadContext {
  readonly kind: AgentFileKind;
  readonly known: KnownNames;
  /** Names of models that are there, besides the roles. */
  readonly models: readonly KnownName[];
  /** Of what is said about keys. */
  readonly locale: string;
}

/** What may be written at a place in the front matter; nothing elsewhere. */
export function completeHead(text: string, offset: number, context: HeadContext): readonly HeadCompletion[] {
  const place = headPlaceAt(text, offset);
  if (place === null) {
    return [];
  }
  const schema = jsonSchemaOf(context.kind, context.locale);
  const keys = place.is === "value" ? [] : keyCompletions(schema, place, keysOf(text));
  const values = valueCompletions(schema, place, context);
  return [...keys, ...(place.is === "key" && keys.length > 0 ? [] : values)];
}

/** Keys of the outermost level that are written already. */
function keysOf(text: string): ReadonlySet<string> {
  const { head } = splitFrontMatter(text);
  return new Set([...(head?.text ?? "").matchAll(/^([^\s:#-][^\s:]*)\s*:/gmu)].map(([, key = ""]) => key));
}

function keyCompletions(schema: SchemaPart, place: HeadPlace, written: ReadonlySet<string>): readonly HeadCompletion[] {
  const isFree = (key: string): boolean => key === place.word || place.path.length > 0 || !written.has(key);
  return keysAt(schema, place.path)
    .filter(([key]) => isFree(key))
    .map(([key, part]) => {
      const value = part["x-snippet"] ?? "$1";
      const separator = value.startsWith("\n") ? ":" : ": ";
      const snippet = place.hasColon ? key : `${key}${separator}${value}`;
      return { label: key, kind: "key", snippet, documentation: part.description ?? "", span: place.span };
    });
}

function valueCompletions(
  schema: SchemaPart,
  { path, span }: HeadPlace,
  context: HeadContext,
): readonly HeadCompletion[] {
  const parts = partsAt(schema, path).flatMap((part) => choicesOf(part));
  const all = [...parts, ...parts.flatMap(({ items }) => (items === undefined ? [] : choicesOf(items)))];
  const words = all.flatMap((part) => part.enum ?? (part.type === "boolean" ? ["true", "false"] : []));
  const plain = [...new Set(words)].map((word) => {
    return { label: word, kind: "value" as const, snippet: word, documentation: "", span };
  });
  const names = namedAt(schema, path);
  return names === undefined ? plain : [...plain, ...namedCompletions(names, span, context)];
}

/** What the values at a path name: what is said of the key holds for the items of its list. */
function namedAt(schema: SchemaPart, path: readonly PropertyKey[]): SchemaPart["x-names"] {
  const own = partsAt(schema, path).find((part) => part["x-names"] !== undefined);
  const around = typeof path.at(-1) === "number" ? partsAt(schema, path.slice(0, -1)) : [];
  return own?.["x-names"] ?? around.find((part) => part["x-names"] !== undefined)?.["x-names"];
}

const roles: readonly KnownName[] = ["chat", "router", "reviewer"].map((name) => ({ name, description: "" }));

/** What exists of a kind of thing that files name. */
export function knownOf(
  names: NonNullable<SchemaPart["x-names"]>,
  { known, models }: HeadContext,
): readonly KnownName[] {
  return names === "models" ? [...roles, ...models] : (known[names] ?? []);
}

function namedCompletions(
  names: NonNullable<SchemaPart["x-names"]>,
  span: Span,
  context: HeadContext,
): readonly HeadCompletion[] {
  const named = knownOf(names, context).filter(({ comesByItself }) => comesByItself !== true);
  return named.map(({ name, description }) => {
    const snippet = name.replaceAll(/[$}\\]/gu, String.raw`\$&`);
    return { label: name, kind: names, snippet, documentation: description, span };
  });
}
