import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { fromUploadSchema, toUploadSchema } from "../../src/agents/protocol/remote-upload.ts";

const folder = join(import.meta.dirname, "../ray/fixtures/uploads");

function fixtures(kind: "valid" | "invalid") {
  return readdirSync(join(folder, kind)).map((name) => ({
    name,
    schema: name.startsWith("window-") ? toUploadSchema : fromUploadSchema,
    value: z.unknown().parse(JSON.parse(readFileSync(join(folder, kind, name), "utf8"))),
  }));
}

describe("the frames that the cluster's side is tested with, too", () => {
  test.each(fixtures("valid"))("valid: $name", ({ schema, value }) => {
    const { later: _later, ...known } = z.looseObject({}).parse(value);
    expect(schema.parse(value)).toEqual(known);
  });

  test.each(fixtures("invalid"))("invalid: $name", ({ schema, value }) => {
    expect(schema.safeParse(value).success).toBe(false);
  });

  test("there are some", () => {
    expect(fixtures("valid").length).toBeGreaterThan(6);
    expect(fixtures("invalid").length).toBeGreaterThan(12);
  });
});
