import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "./editor/editor-paths.mjs";

/**
 * The program of an installed npm package, to be run by Node.js on every system alike.
 *
 * @param {string} packageName
 * @param {string} [command] Which of its commands; default: the one named like the package.
 * @returns {string}
 * @throws An Error when the package has no such command.
 */
export function toolPath(packageName, command = packageName) {
  const folder = join(repositoryRoot, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const path = typeof bin === "string" ? bin : bin?.[command];
  if (path === undefined) {
    throw new Error(`The package ${packageName} has no command ${command}.`);
  }
  return join(folder, path);
}
