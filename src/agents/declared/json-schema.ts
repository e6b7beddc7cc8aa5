import * as z from "zod/mini";
import { type AgentFileKind, schemaOf } from "./agent-file-schema.ts";
import { keyWords } from "./key-words.ts";

const partSchema = z.object({
  description: z.optional(z.string()),
  type: z.optional(z.string()),
  enum: z.optional(z.array(z.string())),
  minimum: z.optional(z.number()),
  maximum: z.optional(z.number()),
  get properties() {
    return z.optional(z.record(z.string(), partSchema));
  },
  get items() {
    return z.optional(partSchema);
  },
  get anyOf() {
    return z.optional(z.array(partSchema));
  },
  /** See `KeyWords`. */
  "x-snippet": z.optional(z.string()),
  "x-names": z.optional(z.enum(["agents", "tools", "models"])),
});

/** A part of the JSON Schema of an agent's file, with what is said of it while it is written. */
export type SchemaPart = z.infer<typeof partSchema>;

const kept = new Map<string, SchemaPart>();

/** The JSON Schema of a kind of file, described in the language of the locale. */
export function jsonSchemaOf(kind: AgentFileKind, locale: string): SchemaPart {
  const language = locale.toLowerCase().startsWith("zh") ? "zh" : "en";
  const name = `${kind} ${language}`;
  const made = kept.get(name) ?? makeSchema(kind, language);
  kept.set(name, made);
  return made;
}

function makeSchema(kind: AgentFileKind, language: "en" | "zh"): SchemaPart {
  const schema = z.toJSONSchema(schemaOf(kind), {
    override: ({ zodSchema, jsonSchema }) => {
      const words = keyWords.get(zodSchema);
      if (words !== undefined) {
        const names = words.names === undefined ? {} : { "x-names": words.names };
        Object.assign(jsonSchema, { description: words[language], "x-snippet": words.snippet, ...names });
      }
    },
  });
  return partSchema.parse(schema);
}

/** The parts that may stand at a path, through lists and choices; a number in the path stands for any item. */
export function partsAt(root: SchemaPart, path: readonly PropertyKey[]): readonly SchemaPart[] {
  return path.reduce<readonly SchemaPart[]>(
    (parts, step) => parts.flatMap((part) => choicesOf(part)).flatMap((part) => below(part, step)),
    [root],
  );
}

/** A part and what it may be instead. */
export function choicesOf(part: SchemaPart): readonly SchemaPart[] {
  return [part, ...(part.anyOf ?? []).flatMap((choice) => choicesOf(choice))];
}

function below(part: SchemaPart, step: PropertyKey): readonly SchemaPart[] {
  const found = typeof step === "number" ? part.items : part.properties?.[String(step)];
  return found === undefined ? [] : [found];
}

/** The keys that may stand at a path. */
export function keysAt(root: SchemaPart, path: readonly PropertyKey[]): readonly (readonly [string, SchemaPart])[] {
  return partsAt(root, path)
    .flatMap((part) => choicesOf(part))
    .flatMap(({ properties }) => Object.entries(properties ?? {}));
}
