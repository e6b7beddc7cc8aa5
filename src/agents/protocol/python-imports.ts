/** Python code and the imports that it needs. */
export interface ImportedCode {
  /** Such as `import sqlite3`, each once. */
  readonly imports: readonly string[];
  readonly code: string;
}

const standsAlone = /__import__\("([\w.]+)"\)/gu;

/**
 * Reading calls stand alone: they name the modules they need by `__import__`. People and agents read, and the inspection
 * of code understands, imports instead.
 */
export function withImports(code: string): ImportedCode {
  const modules = new Set<string>();
  const plain = code.replaceAll(standsAlone, (_, name: string) => {
    modules.add(name);
    // As in Python: the module that holds the others is what the call gives.
    return name.split(".")[0] ?? name;
  });
  return { imports: [...modules].map((name) => `import ${name}`), code: plain };
}
