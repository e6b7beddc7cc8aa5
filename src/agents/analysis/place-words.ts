import { onCluster } from "../core/where-code-runs.ts";
import type { InterpreterInfo } from "../ports/interpreter.ts";

type Place = Pick<InterpreterInfo, "place" | "node" | "bringsFiles">;

const limits = "at most 200 files and 500 MB for one cell";

/** Instructions of an agent, where what it writes or reads is run by this Python. */
export function placedInstructions(instructions: string, { place }: Pick<Place, "place">): string {
  return place === "cluster" ? onCluster(instructions) : instructions;
}

/** What an author is told of a Python that is not on this machine; `null` of one that is. */
export function placeRule(info: Place): string | null {
  if (info.place !== "cluster") {
    return null;
  }
  return [
    `This Python runs on ${machineOf(info)}, not on the user's machine. Its working folder holds copies of the user's files.`,
    info.bringsFiles === false
      ? "Files that code writes stay on that machine, since code may not write in the user's working folder."
      : `Files that code writes below the working folder, by relative paths, are brought to the user's working folder when the cell has ended (${limits}); the output then says which came and which did not, and why.`,
    "What tasks of Ray or Dask write lies on whichever machine ran them and is not brought: have them return it, and write it in the cell itself.",
    "Absolute paths and home or temporary folders are that machine's own, and what is written there stays there.",
    "Call a file saved only where the output says that it is in the working folder now; where one is not, say so, and where it lies.",
  ].join(" ");
}

/** What a reviewer is told of where code is about to run; none where that is this machine. */
export function placeForReview(info: Place, workingDirectory: string): readonly string[] {
  if (info.place !== "cluster") {
    return [];
  }
  const written =
    info.bringsFiles === false
      ? "What it writes stays there"
      : `What it writes there by relative paths is then brought to the user's folder ${JSON.stringify(workingDirectory)}`;
  return [
    `Where it runs: on ${machineOf(info)}, in a folder that holds copies of the session's files. ${written}; all other paths are that machine's own.`,
  ];
}

function machineOf({ node }: Place): string {
  return node === undefined ? "a machine of the user's cluster" : `${node}, a machine of the user's cluster`;
}
