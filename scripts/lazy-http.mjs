import * as http from "node:http";
import * as https from "node:https";

const modules = { http, https };

/**
 * Has bundles of ES modules load `node:http` and `node:https` when one of their functions is first used. With them Node
 * loads its whole `fetch`, which takes a third of the time in which a command line is ready that never connects to
 * anything. What an editor loads stays as it is: there, these modules are the editor's own.
 *
 * @type {import("esbuild").Plugin}
 */
export const lazyHttp = {
  name: "lazy-http",
  setup(context) {
    if (context.initialOptions.format !== "esm") {
      return;
    }
    context.onResolve({ filter: /^(?:node:)?https?$/ }, ({ path }) => ({
      path: path.replace("node:", ""),
      namespace: "lazy-http",
    }));
    context.onLoad({ filter: /./, namespace: "lazy-http" }, ({ path }) => ({
      contents: lazyModule(path === "http" ? "http" : "https"),
      loader: "js",
    }));
  },
};

/**
 * A module of getters.
 *
 * @param {keyof typeof modules} name
 */
function lazyModule(name) {
  const names = Object.keys(modules[name]).filter((key) => key !== "default");
  return `for (const name of ${JSON.stringify(names)}) {
    Object.defineProperty(exports, name, { enumerable: true, get: () => process.getBuiltinModule("node:${name}")[name] });
  }`;
}
