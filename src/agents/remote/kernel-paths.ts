import { createHash } from "node:crypto";
import { basename, dirname, isAbsolute, relative, resolve, sep } from "node:path";

/** Where files that lie outside of the session's folder are put, under the folder in which cells run. */
export const outsideFolder = ".byzer-files";

/**
 * How a file of this machine is called on the cluster. A file under the session's working folder has the same relative
 * path under the folder in which cells run; any other has a place of its own there, told by its folder's path.
 */
export class KernelPaths {
  readonly #here: string;
  readonly #there: string;
  readonly #named = new Map<string, string>();

  /** @param here Absolute, of the working folder on this machine. @param there Absolute, on the node, with slashes. */
  constructor(here: string, there: string) {
    this.#here = resolve(here);
    this.#there = there.replace(/\/+$/u, "");
  }

  /** Relative, with slashes: where a file of this machine lies on the cluster. From now on code may call it as it is called here. */
  placeOf(path: string): string {
    const file = resolve(path);
    const below = relative(this.#here, file);
    const isBelow = below !== "" && below !== ".." && !below.startsWith(`..${sep}`) && !isAbsolute(below);
    const place = isBelow
      ? below.split(sep).join("/")
      : `${outsideFolder}/${shortHash(dirname(file))}/${basename(file)}`;
    this.#named.set(file, `${this.#there}/${place}`);
    return place;
  }

  /** Absolute, on the node. */
  absolute(path: string): string {
    return `${this.#there}/${this.placeOf(path)}`;
  }

  /** Code as it is to run there: strings in it that begin with a path of this machine begin with that of the cluster. */
  toThere(code: string): string {
    // Below the folder everything keeps its relative path, where both sides write paths alike.
    const folder = sep === "/" && this.#here !== "/" ? [[this.#here, this.#there] as const] : [];
    const forms = new Map(
      [...folder, ...this.#named].flatMap(([from, to]) => formsOf(from).map((form) => [form, to] as const)),
    );
    const longestFirst = [...forms.keys()].toSorted((left, right) => right.length - left.length);
    if (longestFirst.length === 0) {
      return code;
    }
    // A path begins a string literal, and is followed by its end or by what lies below.
    const found = new RegExp(`(["'])(${longestFirst.map(escaped).join("|")})(?=["'/\\\\])`, "gu");
    return code.replace(found, (_all, quote: string, form: string) => `${quote}${forms.get(form) ?? form}`);
  }

  /** What the cluster says of a path, as it is called here. */
  toHere(text: string): string {
    const known = [...this.#named].find(([, there]) => there === text)?.[0];
    if (known !== undefined) {
      return known;
    }
    return text === this.#there || text.startsWith(`${this.#there}/`)
      ? resolve(
          this.#here,
          text
            .slice(this.#there.length + 1)
            .split("/")
            .join(sep),
        )
      : text;
  }
}

/** As Python code may write a path: as it is, with doubled backslashes, with slashes. */
function formsOf(path: string): readonly string[] {
  return [...new Set([path, path.replaceAll("\\", "\\\\"), path.replaceAll("\\", "/"), jsonForm(path)])];
}

/** Characters beyond ASCII as JSON and Python escape them, where a literal was written so. */
function jsonForm(path: string): string {
  return JSON.stringify(path).slice(1, -1);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
