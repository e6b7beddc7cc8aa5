type JsonObject = { readonly [key: string]: unknown };

/** Keys whose value has schemas by name, a schema or a list of them; what other keys hold is data. */
const byName = new Set(["properties", "$defs", "definitions", "dependentSchemas"]);
const within = new Set(
  "items prefixItems additionalProperties additionalItems unevaluatedProperties unevaluatedItems contains propertyNames not if then else allOf anyOf oneOf".split(
    " ",
  ),
);

/**
 * A JSON Schema of somebody else without what can take for ever to check: patterns. Texts that a pattern would refuse are
 * refused by the tool itself.
 */
export function plainSchema(schema: JsonObject): JsonObject {
  // What a pattern allows is no longer known to be named.
  const opened = "patternProperties" in schema ? new Set(["additionalProperties", "unevaluatedProperties"]) : undefined;
  const entries = Object.entries(schema)
    .filter(([key]) => !["pattern", "patternProperties", "format"].includes(key) && opened?.has(key) !== true)
    .map(([key, value]) => [key, byName.has(key) ? plainNamed(value) : within.has(key) ? plainWithin(value) : value]);
  return Object.fromEntries(entries);
}

function plainNamed(value: unknown): unknown {
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, plainWithin(schema)]))
    : value;
}

function plainWithin(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => plainWithin(item));
  }

  return isObject(value) ? plainSchema(value) : value;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
