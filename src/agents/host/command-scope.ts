import { realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { AgentError } from "../base/errors.ts";
import type { IndexReport, PassageIndex, PassageScope } from "../ports/passage-index.ts";
import { clusterPlace } from "../protocol/cluster-place.ts";
import { leftOutText } from "../protocol/words/left-out-text.ts";
import { excludes } from "../retrieval/index/ignore-rules.ts";

/**
 * Where `--within` says to stay: relative to PATH, or any path of a place under it.
 *
 * @param root Absolute path of a folder or a file.
 * @throws AgentError `source.not-found` where nothing is there
 */
export function withinScopes(names: readonly string[], root: string): readonly PassageScope[] {
  if (names.length === 0) {
    return [];
  }

  if (clusterPlace(root) !== null) {
    return names.map((name) => ({ path: name.replace(/^\.?\/+|\/+$/gu, "") }));
  }
  const isFolder = statSync(root, { throwIfNoEntry: false })?.isDirectory() === true;
  const folder = isFolder ? root : dirname(root);
  return names.map((name) => {
    const path = [resolve(folder, name), resolve(name)]
      .filter((place) => statSync(place, { throwIfNoEntry: false }) !== undefined)
      .map((place) => below(folder, place) ?? below(realpathSync(folder), realpathSync(place)))
      .find((way) => way !== null && (isFolder || way === "" || way === basename(root)));
    if (path === undefined || path === null) {
      const message = `--within ${name}: there is no such file or folder under ${root} (it is relative to that).`;
      throw new AgentError("source.not-found", { path: join(folder, name) }, message);
    }

    return { path: isFolder ? path : "" };
  });
}

function below(folder: string, path: string): string | null {
  const way = relative(folder, path);
  return way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way) ? null : way.split(sep).join("/");
}

/** Globs of `--exclude`: as in `.gitignore`, one without a slash fits at every depth, one that begins with it at the top. */
export function excludeGlobs(globs: readonly string[] = []): readonly string[] {
  return globs.map((glob) => {
    const plain = glob.length > 1 ? glob.replace(/\/$/u, "") : glob;
    return plain.includes("/") ? plain.replace(/^\//u, "") : `**/${plain}`;
  });
}

/** Passages of a search are asked for again, more of them, until enough lie outside of what is left out; up to this. */
const mostFound = 10_000;

/** An index that knows nothing of some files, without a change to what is kept in it for others. @param globs of them */
export function indexWithout<Index extends PassageIndex>(index: Index, globs: readonly string[]): Index {
  if (globs.length === 0) {
    return index;
  }

  const isLeftOut = excludes(globs);
  const isIn = ({ path }: { readonly path: string }): boolean => !isLeftOut(path);
  const own: Pick<PassageIndex, "update" | "search" | "read"> = {
    update: async (request, signal) => {
      const exclude = [...(request.exclude ?? []), ...globs];
      const report = await index.update({ ...request, exclude, keepExcluded: true }, signal);
      return { ...report, leftOut: report.leftOut.filter(isIn) };
    },
    search: async (query, signal) => {
      for (let top = query.top; ; top *= 4) {
        // oxlint-disable-next-line no-await-in-loop -- more, where these are not enough
        const found = await index.search({ ...query, top }, signal);
        const wanted = found.filter(isIn);
        if (wanted.length >= query.top || found.length < top || top > mostFound) {
          return wanted.slice(0, query.top);
        }
      }
    },
    read: async (reading, signal) => {
      const read = await index.read(reading, signal);
      const passages = read.passages.filter(isIn);
      const given = read.passages.reduce((sum, { text }) => sum + text.length, 0);
      return given < read.characters
        ? { ...read, passages }
        : {
            passages,
            count: passages.length,
            characters: passages.reduce((sum, { text }) => sum + text.length, 0),
            files: new Set(passages.map(({ path }) => path)).size,
          };
    },
  };
  return { ...index, ...own };
}

/** Files are named one by one up to so many. */
const mostNamed = 10;
const inPart = /(?:^|; )(?:first-|pages-cut )/u;

/** What to tell of files that were read only in part, a sentence for each. */
export function partlyRead(leftOut: IndexReport["leftOut"], within: readonly PassageScope[] = []): readonly string[] {
  const holds = ({ path }: { readonly path: string }): boolean =>
    within.length === 0 || within.some((scope) => scope.path === "" || `${path}/`.startsWith(`${scope.path}/`));
  const files = leftOut.filter(({ reason }) => inPart.test(reason)).filter(holds);
  const named = files.slice(0, mostNamed).map(({ path, reason }) => `${path}: ${leftOutText(reason, "en")}.`);
  return files.length > mostNamed ? [...named, `${files.length - mostNamed} more files are read in part.`] : named;
}

/** A path of the command line whose bytes are no UTF-8 leads nowhere. @throws AgentError `source.not-found` */
export function refuseNoUnicode(paths: readonly string[]): void {
  const path = paths.find((name) => name.includes("\ufffd") && statSync(name, { throwIfNoEntry: false }) === undefined);
  if (path !== undefined) {
    const message = `The name "${path}" is not valid UTF-8, so it cannot be opened: give the file another name.`;
    throw new AgentError("source.not-found", { path }, message);
  }
}
