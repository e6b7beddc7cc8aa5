import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const packageFolder = /^(?:.*node_modules\/)((?:@[^/]+\/)?[^/]+)\//;

/**
 * The names and licence texts of every package whose code or pictures are in a bundle.
 *
 * @param {string} root The folder that holds node_modules.
 * @param {readonly string[]} inputs Files as esbuild names them, relative to `root`.
 * @returns {string}
 * @throws An Error when a package brings no licence text and its licence is none whose text is the same everywhere.
 */
export function thirdPartyNotices(root, inputs) {
  const folders = new Set(inputs.flatMap((input) => packageFolder.exec(input)?.[0] ?? []));
  const notices = [...folders].map((folder) => noticeOf(join(root, folder)));
  return [...new Set(notices)].toSorted((one, other) => one.localeCompare(other)).join(`\n\n${"-".repeat(80)}\n\n`);
}

/** @param {string} folder */
function noticeOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying|copyright)/i.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), "utf8").trim());
  if (texts.length === 0) {
    texts.push(standardText({ name, license, holder: typeof author === "string" ? author : author?.name }));
  }
  return [`${name} ${version} (${license ?? "see below"})`, ...texts].join("\n\n");
}

/**
 * The text of a licence that a package names and does not bring.
 *
 * @param {{ name: string, license: string | undefined, holder: string | undefined }} named
 * @returns {string}
 */
function standardText({ name, license, holder }) {
  if (license !== "MIT" || holder === undefined) {
    throw new Error(`${name} brings no text of its licence (${license ?? "none named"}) and cannot be shipped.`);
  }
  return `MIT License\n\nCopyright (c) ${holder}\n\n${mitTerms}`;
}

/** https://spdx.org/licenses/MIT.html */
const mitTerms = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
