/**
 * What of a VS Code command line has a meaning for VS Code Server.
 *
 * @typedef {object} EditorArguments
 * @property {string | undefined} folder
 * @property {readonly string[]} extensionDevelopmentPaths
 * @property {string} extensionTestsPath
 * @property {string | undefined} userDataDir
 * @property {string | undefined} extensionsDir
 * @property {boolean} trusted
 */

/** Options with a value, which may follow as the next argument or after "=". */
const withValue = ["extensionDevelopmentPath", "extensionTestsPath", "user-data-dir", "extensions-dir"];

/** Options about Electron, the desktop's updates and its welcome page: nothing of that is here. */
const withoutMeaning = [
  "no-sandbox",
  "disable-gpu",
  "disable-gpu-sandbox",
  "disable-updates",
  "disable-telemetry",
  "disable-crash-reporter",
  "skip-welcome",
  "skip-release-notes",
  "no-cached-data",
];

/**
 * Reads the arguments that @vscode/test-electron gives to the VS Code executable.
 *
 * @param {readonly string[]} args
 * @returns {EditorArguments}
 * @throws An Error that names an option which has a meaning that the server cannot honour.
 */
export function parseElectronArguments(args) {
  /** @type {Map<string, string[]>} */
  const values = new Map();
  const folders = [];
  let trusted = false;
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    const [, name = "", inline] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === "") {
      folders.push(arg);
    } else if (withValue.includes(name)) {
      const value = inline ?? args[(index += 1)] ?? "";
      values.set(name, [...(values.get(name) ?? []), value]);
    } else if (name === "disable-workspace-trust") {
      trusted = true;
    } else if (!withoutMeaning.includes(name)) {
      throw new Error(`VS Code Server cannot honour the option "${arg}".`);
    }
  }
  const extensionTestsPath = values.get("extensionTestsPath")?.at(-1);
  if (extensionTestsPath === undefined || folders.length > 1) {
    throw new Error(extensionTestsPath === undefined ? "--extensionTestsPath is missing." : "Only one folder can be opened.");
  }
  return {
    folder: folders[0],
    extensionDevelopmentPaths: values.get("extensionDevelopmentPath") ?? [],
    extensionTestsPath,
    userDataDir: values.get("user-data-dir")?.at(-1),
    extensionsDir: values.get("extensions-dir")?.at(-1),
    trusted,
  };
}
