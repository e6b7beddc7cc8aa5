import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { saysNotInFiles } from "../asking/asking-words.ts";
import { clusterPlace } from "../protocol/cluster-place.ts";
import type { Citation } from "../protocol/citation.ts";
import type { PassagesBlock, Session, TextBlock, Turn } from "../protocol/session-state.ts";
import { partlyRead } from "./command-scope.ts";

/** Says a path as the command line named it. */
export type ShownPath = (path: string) => string;

/** How files are named to a person, and where the index begins that holds them; `undefined`: each is its own. */
export interface ShownPlaces {
  readonly shown: ShownPath;
  readonly base: string | undefined;
}

/**
 * How paths of answers are said: relative to the folder where one was named, else beginning with what was named, with
 * `/`.
 *
 * @param named As typed, folders and files.
 * @param isFolder For an absolute path.
 */
export function shownPaths(named: readonly string[], isFolder: (path: string) => boolean): ShownPath {
  const places = named.map((typed) => ({ typed, path: clusterPlace(typed) === null ? resolve(typed) : typed }));
  const onlyFolder = places.length === 1 && places.every(({ path }) => isFolder(path));
  return (path) => {
    const held = places
      .map(({ typed, path: place }) => ({ typed, way: relative(place, path) }))
      .filter(({ way }) => way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way))
      .toSorted((a, b) => a.way.length - b.way.length)[0];
    if (held === undefined) {
      return path;
    }

    const way = held.way.split(sep).join("/");
    if (onlyFolder) {
      return way;
    }

    const typed = held.typed.split(sep).join("/").replace(/\/+$/u, "");
    return way === "" ? typed : `${typed}/${way}`;
  };
}

/** The answer of a turn; `undefined` where it has none. */
export function answerBlock(turn: Turn): TextBlock | undefined {
  return turn.blocks.findLast((block): block is TextBlock => block.kind === "text" && block.role === "answer");
}

/** The document that `byzer ask --json` prints. */
export function askDocument(turn: Turn, session: Session, places: ShownPlaces): object {
  const { shown } = places;
  const block = answerBlock(turn);
  const answer = block?.text ?? "";
  const read = turn.blocks.filter((candidate): candidate is PassagesBlock => candidate.kind === "passages");
  return {
    answer,
    citations: (block?.citations ?? []).map((citation) => citationDocument(citation, shown)),
    notInFiles: saysNotInFiles(answer),
    doubts: block?.doubts ?? [],
    passages: read.flatMap(({ how, query, passages }) =>
      passages.map(({ name: _name, path, ...passage }) => ({ path: shown(path), how, query, ...passage })),
    ),
    notices: [
      ...readInPart(session, places).map((text) => ({ code: "read-in-part", text })),
      ...turn.blocks.flatMap((candidate) =>
        candidate.kind === "notice" ? [{ code: candidate.code, text: candidate.text }] : [],
      ),
    ],
    problems: session.sources.flatMap(({ path, state }) =>
      state?.status === "failed"
        ? [{ path: shown(path), code: state.problem.code, message: state.problem.message }]
        : [],
    ),
    usage: turn.usage,
    durationMs: turn.durationMs,
  };
}

/** What to tell of files that were read only in part, each once. */
export function readInPart({ sources }: Session, { shown, base }: ShownPlaces): readonly string[] {
  const leftOut = sources.flatMap(({ path: source, kind, state }) =>
    state?.status === "ready" || state?.status === "stopped"
      ? state.leftOut.map(({ path, reason }) => {
          const folder = base ?? (kind === "folder" ? source : dirname(source));
          return { path: shown(join(folder, path)), reason };
        })
      : [],
  );
  return [...new Set(partlyRead(leftOut))];
}

function citationDocument({ number, path, quote, ...place }: Citation, shown: ShownPath): object {
  const { startLine, endLine, start, end, page, place: under } = place;
  return { number, path: shown(path), file: path, startLine, endLine, quote, start, end, page, place: under };
}

/** The citations of an answer and what it leaves without support, for a person; empty where there are none. */
export function citationList(turn: Turn, shown: ShownPath): string {
  const { citations = [], doubts = [] } = answerBlock(turn) ?? {};
  const cited = citations.map(({ number, path, page, startLine, endLine, quote }) => {
    const lines = startLine === endLine ? startLine : `${startLine}-${endLine}`;
    const at = page === null ? "" : ` (page ${page})`;
    return `[${number}] ${shown(path)}:${lines}${at} "${quote.replaceAll(/\s+/gu, " ")}"`;
  });
  const doubted = doubts.map(({ number, quote }) =>
    quote === "" ? `[?${number}] nothing that was read supports this` : `[?${number}] stands in no file: "${quote}"`,
  );
  const lines = [...cited, ...doubted];
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}
