import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import ignore, { type Ignore } from "ignore";
import picomatch from "picomatch";
import type { GitIgnoring } from "../../ports/passage-index.ts";

/** Folders that hold what tools made or fetched, whatever the ignore files say. */
const neverFolders = new Set(
  ".git .hg .svn .bzr _darcs node_modules bower_components __pycache__ .venv .tox .nox .mypy_cache .pytest_cache .ruff_cache .ipynb_checkpoints .gradle .terraform".split(
    " ",
  ),
);

/** Patterns of one ignore file, for paths under its folder. */
interface RuleFile {
  /** Of the folder, relative to the root; empty or ending with `/`. Begins with `../` for folders above the root. */
  readonly prefix: string;
  readonly rules: Ignore;
}

/** What is left out of an index: decided folder by folder, on the way down. */
export interface IgnoreRules {
  /**
   * Says whether a file or folder is left out.
   *
   * @param path relative to the root, with `/`
   */
  leavesOut(path: string, isFolder: boolean): boolean;
  /** The rules inside a folder: these, and those of its own ignore files. */
  inside(folder: string): IgnoreRules;
}

const ignoreFiles = /(?:^|\/)\.(?:git|byzer)ignore$/;

/** Says whether a file says what is left out of its folder. */
export function isIgnoreFile(path: string): boolean {
  return ignoreFiles.test(path);
}

function readRules(folder: string, name: string, prefix: string): readonly RuleFile[] {
  try {
    return [{ prefix, rules: ignore().add(readFileSync(join(folder, name), "utf8")) }];
  } catch {
    return [];
  }
}

const usualIgnoring: GitIgnoring = { files: true, parents: true, global: false };

/** What git leaves out of what lies under a root by rules from outside of it, the weakest first. */
function rulesAbove(root: string, { files, parents, global }: GitIgnoring): readonly RuleFile[] {
  const folders: string[] = [];
  if (!files) {
    return [];
  }
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) {
      const prefix = prefixOf(root, folder);
      const everywhere = global ? readRules(globalFolder(), "ignore", prefix) : [];
      const isMeant = parents || folder === root;
      const above = parents ? folders.toReversed() : [];
      return [
        ...everywhere,
        ...(isMeant ? readRules(join(folder, ".git"), "info/exclude", prefix) : []),
        ...above.flatMap((one) => readRules(one, ".gitignore", prefixOf(root, one))),
      ];
    }
    if (dirname(folder) === folder) {
      return global ? readRules(globalFolder(), "ignore", "") : [];
    }
    folders.push(dirname(folder));
  }
}

/** Where git keeps what it ignores in all repositories, unless it is told otherwise (gitignore(5), DESCRIPTION). */
function globalFolder(): string {
  const { XDG_CONFIG_HOME: configured = "" } = process.env;
  return join(configured === "" ? join(homedir(), ".config") : configured, "git");
}

function prefixOf(root: string, above: string): string {
  const way = relative(above, root).split(sep).join("/");
  return way === "" ? "" : `^${way}/`;
}

/** The path as the rules of `file` want it; `null` for a path outside their folder. */
function pathFor({ prefix }: RuleFile, path: string): string | null {
  if (prefix.startsWith("^")) {
    return prefix.slice(1) + path;
  }
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
}

/** The last word of rule files of one kind: the innermost that says anything. */
function verdict(files: readonly RuleFile[], path: string): boolean {
  for (const file of files.toReversed()) {
    const own = pathFor(file, path);
    const found = own === null ? null : file.rules.test(own);
    if (found !== null && (found.ignored || found.unignored)) {
      return found.ignored;
    }
  }
  return false;
}

function globMatcher(globs: readonly string[]): (path: string) => boolean {
  return globs.length === 0 ? () => false : picomatch([...globs], { dot: true });
}

/**
 * Says of a file whether globs leave out it or a folder above it.
 *
 * @param exclude globs as in `files.exclude`, for paths relative to the root
 */
export function excludes(exclude: readonly string[]): (path: string) => boolean {
  const isExcluded = globMatcher(exclude);
  return (path) => {
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
      if (isExcluded(path.slice(0, slash))) {
        return true;
      }
    }
    return isExcluded(path);
  };
}

/**
 * The rules for a folder: `.gitignore` as git reads it, from the repository's top down, `.byzerignore` in the same
 * language, and the caller's globs. A folder that git ignores and that is indexed all the same is read whole.
 *
 * @param exclude globs as in `files.exclude`, relative to the root
 * @param ignoring which ignore files of git count
 */
export function ignoreRules(root: string, exclude: readonly string[], ignoring = usualIgnoring): IgnoreRules {
  const above = rulesAbove(root, ignoring);
  const rootIsIgnored = above.some(({ prefix, rules }) => prefix.length > 1 && rules.ignores(prefix.slice(1)));
  const isExcluded = globMatcher(exclude);
  const given = { root, isExcluded, readsGit: ignoring.files };
  return rulesWith(given, rootIsIgnored ? [] : above, []).inside("");
}

/** The rules for a folder that a person named though rules leave it out: only those of the ignore files in it. */
export function ownRules(root: string, { files } = usualIgnoring): IgnoreRules {
  return rulesWith({ root, isExcluded: () => false, readsGit: files }, [], []);
}

interface RulesGiven {
  readonly root: string;
  readonly isExcluded: (path: string) => boolean;
  /** `.gitignore` counts. */
  readonly readsGit: boolean;
}

function rulesWith(given: RulesGiven, git: readonly RuleFile[], own: readonly RuleFile[]): IgnoreRules {
  const { root, isExcluded, readsGit } = given;
  return {
    leavesOut: (path, isFolder) => {
      const name = path.slice(path.lastIndexOf("/") + 1);
      if (path === "") {
        return false;
      }
      if ((isFolder && neverFolders.has(name)) || isExcluded(path)) {
        return true;
      }
      const asked = isFolder ? `${path}/` : path;
      return verdict(own, asked) || verdict(git, asked);
    },
    inside: (folder) => {
      const prefix = folder === "" ? "" : `${folder}/`;
      const path = join(root, folder);
      const gitHere = readsGit ? readRules(path, ".gitignore", prefix) : [];
      const ownHere = readRules(path, ".byzerignore", prefix);
      return gitHere.length + ownHere.length === 0
        ? rulesWith(given, git, own)
        : rulesWith(given, [...git, ...gitHere], [...own, ...ownHere]);
    },
  };
}
