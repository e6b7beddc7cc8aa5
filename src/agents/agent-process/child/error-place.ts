import { execFile } from "node:child_process";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

/** File and line, counted from 1. */
export interface ErrorPlace {
  readonly path: string;
  readonly line: number;
}

/** Where an error was thrown in one of `files`; `null` where its stack names none of them. */
export function placeOf(error: unknown, files: readonly string[]): ErrorPlace | null {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return placeIn(stack, files);
}

/** As people write it: `hello.agent.mjs:12`; empty for none. */
export function placeText(place: ErrorPlace | null): string {
  return place === null ? "" : `${basename(place.path)}:${place.line}`;
}

/**
 * Where a module that could not be loaded is wrong. The error of a module that does not parse names no line; Node's own
 * check of the file does.
 */
export async function placeOfLoadError(error: unknown, files: readonly string[]): Promise<ErrorPlace | null> {
  const place = placeOf(error, files);
  if (place !== null || !(error instanceof SyntaxError)) {
    return place;
  }

  for (const path of files.toReversed()) {
    // The file that was loaded last is most often the one; the thread goes on answering signs of life.
    // oxlint-disable-next-line no-await-in-loop
    const found = placeIn(await checkOf(path), [path]);
    if (found !== null) {
      return found;
    }
  }

  return null;
}

/** What Node says of a file that does not parse. */
function checkOf(path: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["--check", path], { timeout: 5_000 }, (_error, _stdout, stderr) => resolve(stderr));
  });
}

function placeIn(text: string, files: readonly string[]): ErrorPlace | null {
  const found = files.flatMap((path) =>
    [pathToFileURL(path).href, path].flatMap((name) => {
      const at = text.indexOf(`${name}:`);
      const line = at === -1 ? undefined : /^\d+/u.exec(text.slice(at + name.length + 1))?.[0];
      return line === undefined ? [] : [{ at, path, line: Number(line) }];
    }),
  );
  const [first] = found.toSorted((one, other) => one.at - other.at);
  return first === undefined ? null : { path: first.path, line: first.line };
}
