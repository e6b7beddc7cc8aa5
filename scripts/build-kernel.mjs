import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import wabt from "wabt";
import { repositoryRoot } from "./editor/editor-paths.mjs";

/** The program that compares vectors, as text. */
const source = join(repositoryRoot, "src", "agents", "retrieval", "vectors", "vector-kernel.wat");

/**
 * Assembles the program that compares vectors.
 *
 * @returns {Promise<Uint8Array>} WebAssembly with SIMD.
 * @throws An Error that names the line where the text is wrong.
 */
export async function buildKernel() {
  const assembler = await wabt();
  const module = assembler.parseWat(basename(source), readFileSync(source, "utf8"), { simd: true });
  try {
    module.resolveNames();
    module.validate();
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}
