import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import wabt from "wabt";
import { repositoryRoot } from "./editor/editor-paths.mjs";

const agents = join(repositoryRoot, "src", "agents");
/** The program that compares vectors, as text. */
const vectorSource = join(agents, "retrieval", "vectors", "vector-kernel.wat");
/** Programs, as text, that are kept assembled beside it, since they are needed wherever texts are read. */
const keptSources = [
  join(agents, "words", "word-kernel.wat"),
  join(agents, "words", "find-kernel.wat"),
  join(agents, "retrieval", "parse", "secrets", "key-kernel.wat"),
];

/**
 * Assembles the program that compares vectors.
 *
 * @returns {Promise<Uint8Array>} WebAssembly with SIMD.
 * @throws An Error that names the line where the text is wrong.
 */
export async function buildKernel() {
  return await assemble(vectorSource);
}

/** @param {string} source */
async function assemble(source) {
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

/**
 * The module that has a program in base64.
 *
 * @param {string} source
 */
async function programModule(source) {
  const program = Buffer.from(await assemble(source)).toString("base64");
  const name = basename(source, ".wat").replace(/-./u, (letters) => letters.slice(1).toUpperCase());
  const comment = `/** \`${basename(source)}\`, assembled by \`node scripts/build-kernel.mjs\`, in base64. */`;
  return `${comment}\nexport const ${name}Program =\n  "${program}";\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const source of keptSources) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    writeFileSync(source.replace(/\.wat$/u, "-program.ts"), await programModule(source));
  }
}
