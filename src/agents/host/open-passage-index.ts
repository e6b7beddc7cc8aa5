import { AgentError } from "../base/errors.ts";
import type { IndexReport, IndexStatus, IndexUpdateRequest } from "../ports/passage-index.ts";
import { createPassageIndex, type ThreadedPassageIndex } from "../retrieval/passage-index.ts";
import { createPostgresPassageIndex } from "../retrieval/postgres/postgres-passage-index.ts";

/** Which index is meant, as settings and environment say. */
export interface PassageIndexChoice {
  /** Where indexes are kept on this machine. */
  readonly folder: string;
  /** The address of a shared index; the index is kept on this machine where it is empty or left out. */
  readonly url?: string | undefined;
  /** Of the shared index; where left out, `PGPASSWORD` or the `.pgpass` file say it. */
  readonly password?: string | undefined;
  /** Files of one root beyond are not indexed; 100,000 where left out. */
  readonly mostFiles?: number | undefined;
  /** Roots that do not belong to the shared index are kept on this machine; where left out, all belong to it. */
  readonly isShared?: (root: string) => boolean;
  /**
   * Where given, `update` of a shared index that may only be searched reports it as it stands, and this is told why; else
   * `update` rejects with `index.read-only`.
   */
  readonly onReadOnly?: (error: AgentError<"index.read-only">) => void;
  /** The same for an index of this machine; else `update` rejects with `index.not-writable`. */
  readonly onUnwritable?: (error: AgentError<"index.not-writable">) => void;
  /** Writes to the log what nobody has to be told. */
  readonly log?: (text: string) => void;
}

/** Opens the index that is meant: of this machine, or shared. @throws AgentError `index.address` */
export function openPassageIndex(choice: PassageIndexChoice): ThreadedPassageIndex {
  const { folder, url = "", password, mostFiles, isShared = () => true, log } = choice;
  const common = { folder, ...(mostFiles === undefined ? {} : { mostFiles }), ...(log === undefined ? {} : { log }) };
  const local = searchedAtLeast(createPassageIndex(common), choice);
  if (url.trim() === "") {
    return local;
  }
  const shared = searchedAtLeast(
    createPostgresPassageIndex({ url, ...common, ...(password === undefined ? {} : { password }) }),
    choice,
  );
  const of = (root: string): ThreadedPassageIndex => (isShared(root) ? shared : local);
  return {
    update: (request, signal) => of(request.root).update(request, signal),
    search: (query, signal) => of(query.root).search(query, signal),
    read: (reading, signal) => of(reading.root).read(reading, signal),
    status: (root) => of(root).status(root),
    remove: (root) => of(root).remove(root),
    purge: (root) => of(root).purge(root),
    useEmbedder: (embedder) => {
      local.useEmbedder(embedder);
      shared.useEmbedder(embedder);
    },
    whenEmbedded: (root, signal) => of(root).whenEmbedded(root, signal),
    dispose: async () => {
      await Promise.all([local.dispose(), shared.dispose()]);
    },
  };
}

/** An index whose updates report it as it stands where it cannot be written. One that holds nothing is of no use. */
function searchedAtLeast(
  index: ThreadedPassageIndex,
  { onReadOnly, onUnwritable }: PassageIndexChoice,
): ThreadedPassageIndex {
  return {
    ...index,
    update: async (request, signal) => {
      try {
        return await index.update(request, signal);
      } catch (error) {
        const status = await index.status(request.root).catch(() => null);
        if (status !== null && onReadOnly !== undefined && AgentError.is(error, "index.read-only")) {
          onReadOnly(error);
          return asItStands(request, status, error.details.server);
        }
        const isThere = status !== null && (status.updatedMs !== null || status.files > 0);
        if (isThere && onUnwritable !== undefined && AgentError.is(error, "index.not-writable")) {
          onUnwritable(error);
          return asItStands(request, status, error.details.path);
        }
        throw error;
      }
    },
  };
}

function asItStands({ root }: IndexUpdateRequest, status: IndexStatus, server: string): IndexReport {
  const { files, passages, leftOut, leftOutFiles, sizeBytes } = status;
  return {
    root,
    files,
    passages,
    added: 0,
    changed: 0,
    removed: 0,
    unchanged: files,
    leftOut,
    leftOutFiles,
    tooManyFiles: false,
    readBytes: 0,
    durationMs: 0,
    database: server,
    sizeBytes,
  };
}
