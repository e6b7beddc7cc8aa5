/**
 * What of a VS Code command line has a meaning for VS Code Server.
 *
 * @typedef {object} EditorArguments
 * @property {string | undefined} folder What to open.
 * @property {string | undefined} extensionDevelopmentPath The folder of the extension to load.
 * @property {string} extensionTestsPath The module whose `run` is the suite.
 * @property {string | undefined} userDataDir Where settings and sessions are.
 * @property {string | undefined} extensionsDir Where installed extensions are.
 * @property {boolean} trusted Whether every folder is trusted.
 */

/** Options with a value, which may follow as the next argument or after "=". */
const withValue = new Set(["extensionDevelopmentPath", "extensionTestsPath", "user-data-dir", "extensions-dir"]);

/** Options about Electron, the desktop's updates and its welcome page: nothing of that is here. */
const withoutMeaning = new Set([
  "no-sandbox",
  "disable-gpu",
  "disable-gpu-sandbox",
  "disable-updates",
  "disable-telemetry",
  "disable-crash-reporter",
  "skip-welcome",
  "skip-release-notes",
  "no-cached-data",
]);

/**
 * Reads the arguments that @vscode/test-electron gives to the VS Code executable.
 *
 * @param {readonly string[]} args
 * @returns {EditorArguments}
 * @throws An Error that names an option which has a meaning that the server cannot honour.
 */
export function parseElectronArguments(args) {
  const { options, folders, flags } = split(args);
  const extensionTestsPath = options.get("extensionTestsPath")?.at(-1);
  if (extensionTestsPath === undefined || folders.length > 1) {
    throw new Error(folders.length > 1 ? "Only one folder can be opened." : "--extensionTestsPath is missing.");
  }
  const extensionDevelopmentPaths = options.get("extensionDevelopmentPath") ?? [];
  if (extensionDevelopmentPaths.length > 1) {
    throw new Error("VS Code Server loads only one extension under development.");
  }
  return {
    folder: folders[0],
    extensionDevelopmentPath: extensionDevelopmentPaths[0],
    extensionTestsPath,
    userDataDir: options.get("user-data-dir")?.at(-1),
    extensionsDir: options.get("extensions-dir")?.at(-1),
    trusted: flags.has("disable-workspace-trust"),
  };
}

/**
 * @param {readonly string[]} args
 * @returns {{ options: ReadonlyMap<string, readonly string[]>, folders: readonly string[], flags: ReadonlySet<string> }}
 */
function split(args) {
  /** @type {Map<string, string[]>} */
  const options = new Map();
  const folders = [];
  const flags = new Set();
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    const [, name = "", inline] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === "") {
      folders.push(arg);
    } else if (withValue.has(name)) {
      index += inline === undefined ? 1 : 0;
      options.set(name, [...(options.get(name) ?? []), inline ?? args[index] ?? ""]);
    } else if (name === "disable-workspace-trust") {
      flags.add(name);
    } else if (!withoutMeaning.has(name)) {
      throw new Error(`VS Code Server cannot honour the option "${arg}".`);
    }
  }
  return { options, folders, flags };
}
