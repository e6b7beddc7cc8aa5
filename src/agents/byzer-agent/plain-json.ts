import * as z from "zod/mini";

/** Metadata as messages carry it. */
export const metadataSchema = z.record(z.string(), z.json());

/**
 * A value as JSON carries it: what a person's code hands over may hold functions, dates or cycles.
 *
 * @param what How to call it.
 * @param schema What it has to be.
 * @throws TypeError that says what is wrong with it.
 */
export function plainJson<S extends z.ZodMiniType>(what: string, schema: S, value: unknown): z.infer<S> {
  const { data, error } = schema.safeParse(throughJson(what, value));
  if (error !== undefined) {
    const [issue] = error.issues;
    throw new TypeError(`${[what, ...(issue?.path ?? [])].map(String).join(".")}: ${issue?.message ?? "wrong"}`);
  }

  return data;
}

function throughJson(what: string, value: unknown): unknown {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new TypeError(`${what} cannot be written as JSON`, { cause: error });
  }

  if (text === undefined) {
    throw new TypeError(`${what} cannot be written as JSON`);
  }

  return JSON.parse(text);
}
