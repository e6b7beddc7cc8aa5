import { isAbsolute, relative, resolve, sep } from "node:path";
import { type CodeEffect, isRiskyEffect } from "../protocol/cell-output.ts";

/** What belongs to a session: code may read it under a grant. */
export interface SessionGround {
  /** Absolute paths of the attached files. */
  readonly files: readonly string[];
  /** Where relative paths start. */
  readonly workingDirectory: string;
  /** Pictures and whole outputs of the session. */
  readonly outputDirectory: string;
}

/**
 * How far code reaches. `computes`: it reads the session's files at most; `unclear`: it reads something whose path only
 * shows when it runs; `reaches-out`: it reads other files, writes, starts programs, uses the network, reads the
 * environment or builds code.
 */
export type CodeReach = "computes" | "unclear" | "reaches-out";

/** The farthest of all effects. */
export function codeReach(effects: readonly CodeEffect[], ground: SessionGround): CodeReach {
  const reaches = new Set(effects.map((effect) => effectReach(effect, ground)));
  return reaches.has("reaches-out") ? "reaches-out" : reaches.has("unclear") ? "unclear" : "computes";
}

/** Whether one effect goes beyond reading the session's own files, as far as the code tells. */
export function effectReach(effect: CodeEffect, ground: SessionGround): CodeReach {
  if (isRiskyEffect(effect)) {
    return "reaches-out";
  }

  if (isOwn(effect.detail, ground)) {
    return "computes";
  }

  return looksLikePath(effect.detail) ? "reaches-out" : "unclear";
}

function isOwn(detail: string, { files, workingDirectory, outputDirectory }: SessionGround): boolean {
  const path = resolve(workingDirectory, detail);
  const below = relative(outputDirectory, path);
  return (
    files.some((file) => resolve(file) === path) ||
    (!isAbsolute(below) && below !== ".." && !below.startsWith(`..${sep}`))
  );
}

/** A path as code writes one, and not an expression that will give one. */
function looksLikePath(detail: string): boolean {
  return (
    /^(?:[~/\\]|[A-Za-z]:[\\/]|\.\.?[\\/]|\.\.$)/.test(detail) ||
    /^[^\s'"()+{}]+\.\w{1,8}$/.test(detail) ||
    /[*?]/.test(detail)
  );
}
