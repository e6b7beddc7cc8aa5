import type { ReadPassage } from "../protocol/citation.ts";
import type { SourceScope } from "./source-scope.ts";

const shortestFence = 5;

/** Passages as a model is told them: numbered, and fenced by a line that none of them contains. */
export function passagesText(passages: readonly ReadPassage[]): string {
  const fence = fenceFor(passages);
  return passages
    .map((passage) => {
      const { number, text } = passage;
      return `${fence} passage ${number} (${whereabouts(passage)})\n${text}\n${fence} end of passage ${number}`;
    })
    .join("\n");
}

/** Where a passage stands, on one line. */
export function whereabouts(passage: Omit<ReadPassage, "number">): string {
  const { name, startLine, endLine, page, copies = [] } = passage;
  const lines = startLine === endLine ? `line ${startLine}` : `lines ${startLine}-${endLine}`;
  // A document without headings stands under its own name.
  const place = passage.place === name.slice(name.lastIndexOf("/") + 1) ? "" : passage.place;
  const facts = [oneLine(name, 200), page === null ? lines : `page ${page}, ${lines}`];
  const under = place === "" ? [] : [`under "${oneLine(place, 160)}"`];
  const also = copies.length === 0 ? [] : [`also in ${copies.map((copy) => oneLine(copy, 200)).join(", ")}`];
  return [...facts, ...under, ...also].join(", ");
}

/** What the person asks about, in words; empty where it is plain from the passages. */
export function askedAbout(scopes: readonly SourceScope[]): string {
  const named = scopes.map(({ source: { kind, name, lines } }) => {
    const shown = oneLine(name, 200);
    return kind === "lines" && lines !== null
      ? `lines ${lines.first}-${lines.last} of ${shown}`
      : `the ${kind} ${shown}`;
  });
  return `The user asks about ${named.join(", ")}.`;
}

function fenceFor(passages: readonly ReadPassage[]): string {
  let fence = "=".repeat(shortestFence);
  while (passages.some(({ text }) => text.includes(fence))) {
    fence += "=";
  }

  return fence;
}

function oneLine(text: string, length: number): string {
  const line = text.replaceAll(/[\s"=]+/gu, " ").trim();
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
