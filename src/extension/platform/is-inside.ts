import { isAbsolute, relative, sep } from "node:path";

/** Whether `path` lies in `folder` or is it. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!isAbsolute(way) && way !== ".." && !way.startsWith(`..${sep}`));
}
