import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { PassagesBlock, TextBlock, Turn } from "../protocol/session-state.ts";
import type { SessionRetrieval } from "../sessions/asked-sources.ts";
import { type Analysis, type AnalysisOptions, createAnalysis } from "./analysis-fixture.ts";
import { type MemoryPassageIndex, createMemoryPassageIndex } from "./memory-passage-index.ts";

/** A session that is asked about files in a folder of its own. */
export interface AskingFixture extends Analysis {
  readonly index: MemoryPassageIndex;
  /** Absolute path of the folder, which is the workspace. */
  readonly workspace: string;
  /** Writes a file below the workspace. @returns Its path. */
  readonly write: (name: string, text: string) => string;
}

export interface AskingOptions extends AnalysisOptions {
  readonly reranker?: SessionRetrieval["reranker"];
  /** By their names. The workspace is asked about where there is one at all. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Opens a session and asks about the whole workspace where it has files. */
export async function createAsking({ files = {}, reranker, ...options }: AskingOptions = {}): Promise<AskingFixture> {
  const workspace = mkdtempSync(join(tmpdir(), "byzer-asking-"));
  const index = createMemoryPassageIndex();
  const write = (name: string, text: string): string => {
    const path = join(workspace, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  Object.entries(files).forEach(([name, text]) => write(name, text));
  const retrieval: SessionRetrieval = {
    index,
    roots: () => [workspace],
    exclude: () => [],
    ...(reranker === undefined ? {} : { reranker }),
  };
  const analysis = await createAnalysis({ ...options, retrieval });
  if (Object.keys(files).length > 0) {
    await analysis.session.addSource({ kind: "workspace", path: workspace });
  }

  return {
    ...analysis,
    index,
    workspace,
    write,
    dispose: async () => {
      await analysis.dispose();
      rmSync(workspace, { recursive: true, force: true });
    },
  };
}

/** Text that makes a scope too large to be read whole: paragraphs that have nothing to do with anything. */
export function padding(characters = 30_000): string {
  const paragraph = "Lorem ipsum dolor sit amet consectetur adipiscing elit sed eiusmod tempor.\n\n";
  return paragraph.repeat(Math.ceil(characters / paragraph.length));
}

/** The last answer of a turn. */
export function answerBlockOf(turn: Turn): TextBlock {
  const block = textsOf(turn).findLast(({ role }) => role === "answer");
  if (block === undefined) {
    throw new Error(`The turn has no answer: ${turn.status} ${turn.problem?.message ?? ""}`);
  }

  return block;
}

/** What was said in a turn, in order. */
export function textsOf(turn: Turn): readonly TextBlock[] {
  return turn.blocks.filter((block) => block.kind === "text");
}

/** The passages that were read in a turn, in order. */
export function passagesOf(turn: Turn): readonly PassagesBlock[] {
  return turn.blocks.filter((block) => block.kind === "passages");
}
