import { readFileSync } from "node:fs";
import module, { type LoadHookSync, type ResolveHookSync } from "node:module";
import { fileURLToPath } from "node:url";
import { AgentError } from "../../base/errors.ts";

const typeScript = /\.m?ts$/u;

/**
 * Makes `import "byzer-agent"` work from any file, without an installation, and TypeScript where this Node does not
 * already read it.
 *
 * @param packageUrl The module that `byzer-agent` stands for.
 * @returns Gets the path of every file that is loaded from now on, in order, packages left out.
 */
export function hookModules(packageUrl: string): readonly string[] {
  const files: string[] = [];
  const resolve: ResolveHookSync = (specifier, context, next) =>
    specifier === "byzer-agent" ? { url: packageUrl, shortCircuit: true } : next(specifier, context);
  const load: LoadHookSync = (url, context, next) => {
    if (!url.startsWith("file:") || url === packageUrl) {
      return next(url, context);
    }

    const path = fileURLToPath(url);
    if (!/[\\/]node_modules[\\/]/u.test(path)) {
      files.push(path);
    }

    return typeScript.test(path) && process.features.typescript === false
      ? { format: "module", shortCircuit: true, source: withoutTypes(path) }
      : next(url, context);
  };
  module.registerHooks({ resolve, load });
  return files;
}

/** TypeScript as JavaScript with the same lines and columns. @throws AgentError `agent.broken` where Node cannot. */
function withoutTypes(path: string): string {
  if (typeof module.stripTypeScriptTypes !== "function") {
    const reason = `This Node (${process.version}) cannot read TypeScript; write the agent as an .mjs file`;
    throw new AgentError("agent.broken", { path, line: null, reason }, `${path}: ${reason}.`);
  }

  return module.stripTypeScriptTypes(readFileSync(path, "utf8"));
}
