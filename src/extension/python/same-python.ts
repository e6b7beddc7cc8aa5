import type { FoundPython } from "../../agents/python/find-python.ts";

/** Whether code finds the same in both: a Python that runs need not make way for the other. */
export function isSamePython(one: FoundPython, other: FoundPython): boolean {
  return (
    one.executable === other.executable &&
    one.version === other.version &&
    one.packages.length === other.packages.length &&
    one.packages.every((name) => other.packages.includes(name))
  );
}
