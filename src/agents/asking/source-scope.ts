import type { PassageScope } from "../ports/passage-index.ts";
import type { Source } from "../protocol/source.ts";

/** Where in an index a source is. */
export interface SourceScope {
  readonly source: Source;
  /** Absolute: what the index was made of. */
  readonly root: string;
  readonly within: PassageScope;
  /** Absolute folder that paths of passages are relative to. */
  readonly folder: string;
  /** The path of the source below that folder, with `/`; empty where it is the folder itself. */
  readonly path: string;
}

/** The sources that lie in one index. */
export interface ScopedRoot {
  readonly root: string;
  readonly within: readonly PassageScope[];
  readonly scopes: readonly SourceScope[];
}

/** Sources by the index that they lie in. */
export function scopedRoots(scopes: readonly SourceScope[]): readonly ScopedRoot[] {
  const roots = [...new Set(scopes.map(({ root }) => root))];
  return roots.map((root) => {
    const own = scopes.filter((scope) => scope.root === root);
    return { root, scopes: own, within: own.map(({ within }) => within) };
  });
}

/** What a passage is shown as: relative to what was asked about; beginning with the name of that where there are several. */
export function shownName(path: string, own: readonly SourceScope[], sources: number): string {
  const holding = own
    .filter((scope) => scope.path === "" || path === scope.path || path.startsWith(`${scope.path}/`))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
  if (holding === undefined || holding.path === path) {
    return path.slice(path.lastIndexOf("/") + 1);
  }

  const relative = holding.path === "" ? path : path.slice(holding.path.length + 1);
  return sources > 1 ? `${holding.source.name}/${relative}` : relative;
}
