/* oxlint-disable no-underscore-dangle -- Node's own names for how a module is found and compiled */
// Started in a fresh process: loads the extension with an editor that answers everything with itself, activates it, and
// prints what that took and how many bytes of the extension's own code were read.
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

const folder = path.resolve(process.argv[2] ?? "");

/** An object that has every property, and is what every call returns. */
const anything = new Proxy(function editor() {}, {
  get: (target, name) =>
    name === Symbol.toPrimitive || name === "toString"
      ? () => ""
      : name === Symbol.iterator
        ? [][Symbol.iterator]
        : name === "then"
          ? undefined
          : anything,
  apply: () => anything,
  construct: () => anything,
});

let loadedBytes = 0;
const load = Module._load;
Module._load = (request, parent, isMain) => (request === "vscode" ? anything : load(request, parent, isMain));
const compile = Module.prototype._compile;
Module.prototype._compile = function compileAndCount(content, filename, ...rest) {
  loadedBytes += filename.startsWith(folder) ? readFileSync(filename).length : 0;
  return compile.call(this, content, filename, ...rest);
};

const from = performance.now();
const extension = require(path.join(folder, "extension.cjs"));
const loaded = performance.now();
const subscriptions = [];
extension.activate({
  subscriptions,
  extensionUri: anything,
  secrets: anything,
  workspaceState: anything,
  globalState: anything,
  storageUri: anything,
  globalStorageUri: anything,
});
const activated = performance.now();
process.stdout.write(
  JSON.stringify({
    loadMs: loaded - from,
    activateMs: activated - loaded,
    loadedBytes,
    subscriptions: subscriptions.length,
  }),
);
