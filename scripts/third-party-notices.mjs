import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const packageFolder = /^(?:.*node_modules\/)((?:@[^/]+\/)?[^/]+)\//;

/**
 * The names and licence texts of every package whose code or pictures are in a bundle.
 *
 * @param {string} root The folder that holds node_modules.
 * @param {readonly string[]} inputs Files as esbuild names them, relative to `root`.
 * @returns {string}
 * @throws An Error when a package says nothing of its licence.
 */
export function thirdPartyNotices(root, inputs) {
  const folders = new Set(inputs.flatMap((input) => packageFolder.exec(input)?.[0] ?? []));
  const notices = [...folders].map((folder) => noticeOf(join(root, folder)));
  return [...new Set(notices)].toSorted((one, other) => one.localeCompare(other)).join(`\n\n${"-".repeat(80)}\n\n`);
}

/** @param {string} folder */
function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  if (license === undefined && files.length === 0) {
    throw new Error(`${name} ${version} names no licence and cannot be shipped.`);
  }
  const texts = files.map((file) => readFileSync(join(folder, file), "utf8").trim());
  return [`${name} ${version} (${license ?? "see below"})`, ...texts].join("\n\n");
}
