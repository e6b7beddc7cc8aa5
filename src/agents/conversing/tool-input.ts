import { plainSchema } from "./plain-schema.ts";
import type { ModelTool } from "../ports/chat-model.ts";

const longestSchema = 200_000;

type Check = (value: unknown) => readonly string[];

const checks = new WeakMap<object, Check>();

/** The input of a call that its tool takes, or what a model has to put right. */
export type ToolInput = { readonly value: unknown } | { readonly mistake: string };

/** Reads the input of a call: JSON, as the tool's schema wants it. An empty text is an empty object. */
export async function readToolInput({ name, parameters }: ModelTool, text: string): Promise<ToolInput> {
  const parsed = parseJson(text);
  if (parsed === undefined) {
    return {
      mistake: `The input of ${name} is no JSON. Call it again with JSON for this schema: ${schemaText(parameters)}`,
    };
  }

  const check = checks.get(parameters) ?? (await checkFor(parameters));
  checks.set(parameters, check);
  const issues = check(parsed.value);
  return issues.length === 0
    ? { value: parsed.value }
    : { mistake: `${name} does not take this input: ${issues.join("; ")}. Its schema: ${schemaText(parameters)}` };
}

/** Schemas come from servers and from people's code: one that cannot be read checks nothing, and the tool itself decides. */
async function checkFor(parameters: ModelTool["parameters"]): Promise<Check> {
  // The whole of the library is needed for this alone.
  const { fromJSONSchema } = await import("zod");
  try {
    const text = JSON.stringify(parameters);
    if (text.length > longestSchema) {
      return () => [];
    }

    const schema = fromJSONSchema(plainSchema(JSON.parse(text)));
    return (value) => {
      const read = schema.safeParse(value);
      return read.success
        ? []
        : read.error.issues
            .slice(0, 5)
            .map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": "));
    };
  } catch {
    return () => [];
  }
}

function schemaText(parameters: ModelTool["parameters"]): string {
  const text = JSON.stringify(parameters);
  return text.length > 2_000 ? `${text.slice(0, 2_000)}…` : text;
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  if (text.trim() === "") {
    return { value: {} };
  }

  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
