import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { readFromGateway, readToGateway } from "../../src/agents/protocol/remote-link.ts";

const folder = join(import.meta.dirname, "../ray/fixtures/frames");
const readers = { window: [readToGateway], gateway: [readFromGateway], both: [readToGateway, readFromGateway] };

/** Every fixture with each reader that it is for: its name begins with who sends it. */
function fixtures(kind: "valid" | "invalid" | "ignored") {
  return readdirSync(join(folder, kind)).flatMap((name) => {
    const sender = name.split("-")[0];
    if (sender !== "window" && sender !== "gateway" && sender !== "both") {
      throw new Error(`Who sends ${name}?`);
    }
    const text = readFileSync(join(folder, kind, name), "utf8");
    return readers[sender].map((read) => ({ name: `${name} ${read.name}`, read, text }));
  });
}

describe("the frames that the cluster's side is tested with, too", () => {
  test.each(fixtures("valid"))("valid: $name", ({ read, text }) => {
    const frame = read(text);
    const { later: _later, ...known } = z.looseObject({}).parse(JSON.parse(text));
    expect(frame).toEqual(known);
    expect(read(JSON.stringify(frame))).toEqual(frame);
  });

  test.each(fixtures("ignored"))("passed over: $name", ({ read, text }) => {
    expect(read(text)).toBeNull();
  });

  test.each(fixtures("invalid"))("invalid: $name", ({ read, text }) => {
    expect(() => read(text)).toThrow();
  });

  test.each(["", "{", "{}x", "nul", '{"t":"ping","n":1}\0'])("what is no JSON is refused: %j", (text) => {
    expect(() => readToGateway(text)).toThrow();
    expect(() => readFromGateway(text)).toThrow();
  });

  test("there are some", () => {
    expect(fixtures("valid").length).toBeGreaterThan(20);
    expect(fixtures("invalid").length).toBeGreaterThan(40);
    expect(fixtures("ignored").length).toBeGreaterThan(3);
  });
});
