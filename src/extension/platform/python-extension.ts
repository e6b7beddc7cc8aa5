import { type Uri, extensions } from "vscode";

/**
 * What is used of the Python extension's API.
 * Source: https://github.com/microsoft/vscode-python/blob/main/pythonExtensionApi/src/main.ts
 */
interface PythonExtensionApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: Uri): { readonly id: string; readonly path: string };
    resolveEnvironment(
      environment: string | { readonly path: string },
    ): Promise<{ readonly executable: { readonly uri: Uri | undefined } } | undefined>;
  };
}

/** The interpreter that the Python extension has chosen for `resource`; `undefined` where there is no such extension. */
export async function pythonExtensionChoice(resource: Uri | undefined): Promise<string | undefined> {
  const extension = extensions.getExtension<PythonExtensionApi>("ms-python.python");
  if (extension === undefined) {
    return undefined;
  }
  const { environments } = extension.isActive ? extension.exports : await extension.activate();
  const active = environments.getActiveEnvironmentPath(resource);
  const resolved = await environments.resolveEnvironment(active);
  return resolved?.executable.uri?.fsPath;
}
