import type { MemoryIndex } from "../../agents/memory/conversation-memory.ts";
import type { Embedder } from "../../agents/ports/embedder.ts";
import type { ThreadedPassageIndex } from "../../agents/retrieval/passage-index.ts";

/** A thread that nobody has used for so long ends. */
const idleMs = 120_000;

export interface IdleIndexParts {
  readonly open: () => ThreadedPassageIndex;
  /** The model that embeds text; looked for each time the index is opened. */
  readonly findEmbedder: (signal: AbortSignal) => Promise<Embedder | null>;
  readonly onTrouble: (error: unknown) => void;
}

/** An index whose thread runs only while it is used. */
export interface IdleIndex extends MemoryIndex {
  dispose(): Promise<void>;
}

/** Makes an index that is opened when it is used, and closed when it is not. */
export function createIdleIndex({ open, findEmbedder, onTrouble }: IdleIndexParts): IdleIndex {
  const closing = new AbortController();
  let index: ThreadedPassageIndex | undefined;
  let users = 0;
  let timer: NodeJS.Timeout | undefined;
  const opened = (): ThreadedPassageIndex => {
    if (index === undefined) {
      const made = open();
      index = made;
      // Text search does not wait for a model.
      findEmbedder(closing.signal).then(
        (embedder) => index === made && made.useEmbedder(embedder),
        (error: unknown) => closing.signal.aborted || onTrouble(error),
      );
    }
    return index;
  };
  const close = async (): Promise<void> => {
    clearTimeout(timer);
    const used = index;
    index = undefined;
    await used?.dispose();
  };
  const use = async <T>(work: (used: ThreadedPassageIndex) => Promise<T>): Promise<T> => {
    clearTimeout(timer);
    users += 1;
    try {
      return await work(opened());
    } finally {
      users -= 1;
      if (users === 0 && !closing.signal.aborted) {
        timer = setTimeout(() => void close().catch(onTrouble), idleMs);
        timer.unref();
      }
    }
  };
  return {
    update: (request, signal) => use((used) => used.update(request, signal)),
    search: (query, signal) => use((used) => used.search(query, signal)),
    read: (reading, signal) => use((used) => used.read(reading, signal)),
    status: (root) => use((used) => used.status(root)),
    remove: (root) => use((used) => used.remove(root)),
    purge: (root) => use((used) => used.purge(root)),
    dispose: async () => {
      closing.abort();
      await close();
    },
  };
}
