import { lstat } from "node:fs/promises";
import { join } from "node:path";

const deviceName = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu;
const longestName = 255;

/** Whether a path that a cluster gives is the path of a file below a folder, on a system of this kind. */
export function isPathBelow(path: string, platform: NodeJS.Platform = process.platform): boolean {
  return path.split("/").every((name) => isName(name, platform));
}

function isName(name: string, platform: NodeJS.Platform): boolean {
  if (name === "" || name === "." || name === ".." || Buffer.byteLength(name) > longestName) {
    return false;
  }
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\\\u0000-\u001F\u007F]/u.test(name)) {
    return false;
  }
  // Names of devices, of streams, and short names of files that are called otherwise.
  return platform !== "win32" || !(/[<>:"|?*]|[. ]$|~\d/u.test(name) || deviceName.test(name));
}

/** Whether every folder on the way to a file is one, or is not there yet: no link leads elsewhere. */
export async function isPlainWay(folder: string, path: string): Promise<boolean> {
  const names = path.split("/").slice(0, -1);
  for (let count = 1; count <= names.length; count += 1) {
    // oxlint-disable-next-line no-await-in-loop -- what lies below a folder that is not there is not there
    const found = await lstat(join(folder, ...names.slice(0, count))).catch(() => undefined);
    if (found === undefined) {
      return true;
    }
    if (!found.isDirectory()) {
      return false;
    }
  }
  return true;
}
