import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import wabt from "wabt";
import { keyKernelProgram } from "../../src/agents/retrieval/parse/secrets/key-kernel-program.ts";
import { findKernelProgram } from "../../src/agents/words/find-kernel-program.ts";
import { wordKernelProgram } from "../../src/agents/words/word-kernel-program.ts";

test.each([
  ["words/word-kernel.wat", wordKernelProgram],
  ["words/find-kernel.wat", findKernelProgram],
  ["retrieval/parse/secrets/key-kernel.wat", keyKernelProgram],
])("%s is kept assembled as it is: run `node scripts/build-kernel.mjs`", async (path, program) => {
  const assembler = await wabt();
  const text = readFileSync(new URL(`../../src/agents/${path}`, import.meta.url), "utf8");
  const module = assembler.parseWat(path, text, { simd: true });
  module.resolveNames();
  const assembled = Buffer.from(module.toBinary({}).buffer).toString("base64");
  module.destroy();
  expect(program).toBe(assembled);
});
