import { dirname, isAbsolute, relative } from "node:path";

/** Where an export goes, and where the session's code ran. Absolute paths. */
export interface ExportPlace {
  /** The file that is written. */
  readonly target: string;
  readonly workingDirectory: string;
  /** A folder that is moved as a whole, such as the workspace: within it, paths may be relative. */
  readonly root: string | null;
}

/** How the exported code finds its files. */
export interface CodePaths {
  /** From the export's folder to where the code ran, with slashes; empty where they are one; `null`: not in one tree. */
  readonly workingDirectory: string | null;
  /** Absolute path of where the code ran. */
  readonly absoluteWorkingDirectory: string;
  /** An absolute path as the code should name it: from where the code runs, or as it is. */
  readonly inCode: (path: string) => string;
}

/** @returns How code that ran in one place finds its files when it runs beside an export. */
export function codePaths({ target, workingDirectory, root }: ExportPlace): CodePaths {
  const folder = dirname(target);
  const isNear = (path: string): boolean =>
    isInside(folder, path) || (root !== null && isInside(root, folder) && isInside(root, path));
  return {
    workingDirectory: isNear(workingDirectory) ? slashed(relative(folder, workingDirectory)) : null,
    absoluteWorkingDirectory: workingDirectory,
    inCode: (path) => {
      if (!isNear(path) || !isNear(workingDirectory)) {
        return path;
      }

      // A path that ends with a slash is one that code goes on with.
      const near = slashed(relative(workingDirectory, path)) || ".";
      return /[\\/]$/.test(path) ? `${near}/` : near;
    },
  };
}

function isInside(folder: string, path: string): boolean {
  const steps = relative(folder, path);
  return !isAbsolute(steps) && steps.split(/[\\/]/)[0] !== "..";
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
