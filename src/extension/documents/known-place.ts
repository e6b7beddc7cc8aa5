import { realpath } from "node:fs/promises";
import type { Place } from "../../agents/protocol/page.ts";
import type { Session } from "../../agents/protocol/session-state.ts";
import { isInside } from "../platform/is-inside.ts";

type Known = Pick<Session, "sources" | "turns" | "removed">;

/**
 * Whether a session has to do with a file: it lies in what is asked about, or an answer or a passage names it. A link
 * that leads out of what is asked about does not.
 */
export async function isKnownPlace(session: Known, { path }: Pick<Place, "path">): Promise<boolean> {
  if (isNamed(session, path)) {
    return true;
  }
  const real = await realOrSame(path);
  const folders = await Promise.all(session.sources.map((source) => realOrSame(source.path)));
  return folders.some((folder) => isInside(real, folder));
}

function isNamed({ turns, removed }: Known, path: string): boolean {
  const blocks = [...turns, ...removed.flatMap((replaced) => replaced.turns)].flatMap((turn) => turn.blocks);
  return blocks.some((block) => {
    switch (block.kind) {
      case "passages":
        return block.passages.some((passage) => passage.path === path);
      case "text":
        return block.citations.some((citation) => citation.path === path);
      default:
        return false;
    }
  });
}

async function realOrSame(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
