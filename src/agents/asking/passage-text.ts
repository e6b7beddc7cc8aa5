import type { ReadPassage } from "../protocol/citation.ts";
import type { SourceScope } from "./source-scope.ts";

const shortestFence = 5;
const placeSeparator = " > ";

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
  const place = placeAbove(passage);
  const facts = [oneLine(name, 200), page === null ? lines : `page ${page}, ${lines}`];
  const under = place === "" ? [] : [`under "${oneLine(place, 160)}"`];
  const also = copies.length === 0 ? [] : [`also in ${copies.map((copy) => oneLine(copy, 200)).join(", ")}`];
  return [...facts, ...under, ...also].join(", ");
}

/** The headings above a passage, without those that the passage begins with or that say its name or one another again. */
function placeAbove({ name, place, text }: Omit<ReadPassage, "number">): string {
  const own = name.slice(name.lastIndexOf("/") + 1);
  const headings = place.split(placeSeparator).filter((heading, at, all) => heading !== own && heading !== all[at - 1]);
  const first = comparable(text.slice(0, text.search(/\n|$/u)));
  return headings
    .filter((heading, at) => at < headings.length - 1 || comparable(heading) !== first)
    .join(placeSeparator);
}

function comparable(heading: string): string {
  return heading.replaceAll(/^[\s#=*_]+|[\s#=*_]+$/gu, "");
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
