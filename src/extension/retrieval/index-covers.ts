import type { IndexUpdateRequest } from "../../agents/ports/passage-index.ts";
import type { Changes } from "./change-batch.ts";

type Look = Pick<IndexUpdateRequest, "only" | "named">;

/**
 * What of a root its index has been asked to hold: all of it, or files and folders that a person named. Says what to look
 * at again after changes.
 */
export class IndexCovers {
  #whole = false;
  /** Relative to the root, with `/`; by whether the person named them. */
  readonly #places = new Map<string, boolean>();

  /** Notes what an update brings up to date. */
  note({ only, named = false }: Look): void {
    if (only === undefined) {
      this.#whole = true;
    }
    for (const path of only ?? []) {
      this.#places.set(path, named || this.#places.get(path) === true);
    }
  }

  /** Everything again, as it was asked for. */
  get all(): readonly Look[] {
    const named = [...this.#places].filter(([, isNamed]) => isNamed).map(([path]) => path);
    const others = [...this.#places].filter(([, isNamed]) => !isNamed).map(([path]) => path);
    return [
      ...(this.#whole ? [{}] : others.length > 0 ? [{ only: others }] : []),
      ...(named.length > 0 ? [{ only: named, named: true }] : []),
    ];
  }

  /** What to look at after these changes; nothing where none of them is in the index. */
  after(changes: Changes): readonly Look[] {
    if (changes === "many") {
      return this.all;
    }
    const plain = changes.filter((path) => this.#whole || this.#holding(path, false).length > 0);
    const named = [...new Set(changes.flatMap((path) => this.#holding(path, true)))];
    return [
      ...(plain.length > 0 ? [{ only: plain }] : []),
      ...(named.length > 0 ? [{ only: named, named: true }] : []),
    ];
  }

  /** The noted places in which a path lies, and those that lie in it: a folder that is gone takes them along. */
  #holding(path: string, isNamed: boolean): readonly string[] {
    return [...this.#places].flatMap(([place, named]) =>
      named === isNamed && (isInside(path, place) || isInside(place, path)) ? [place] : [],
    );
  }
}

function isInside(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}
