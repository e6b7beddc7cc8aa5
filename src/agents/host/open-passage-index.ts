import { AgentError } from "../base/errors.ts";
import type { IndexReport, IndexStatus, IndexUpdateRequest } from "../ports/passage-index.ts";
import { clusterPlace } from "../protocol/cluster-place.ts";
import { type CarriedPassageIndex, createPassageIndex, type ThreadedPassageIndex } from "../retrieval/passage-index.ts";
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

/**
 * Opens the index that is meant: of this machine, or shared. Only a shared one can be updated by others; `carry` rejects
 * with `index.not-shared` else.
 *
 * @throws AgentError `index.address`
 */
export function openPassageIndex(choice: PassageIndexChoice): CarriedPassageIndex {
  const { folder, url = "", password, mostFiles, isShared = () => true, log } = choice;
  const common = { folder, ...(mostFiles === undefined ? {} : { mostFiles }), ...(log === undefined ? {} : { log }) };
  const own = createPassageIndex(common);
  const local = searchedAtLeast({ ...own, update: onlyHere(own), carry: refuseCarrying }, choice);
  if (url.trim() === "") {
    return local;
  }
  const shared = searchedAtLeast(
    createPostgresPassageIndex({ url, ...common, ...(password === undefined ? {} : { password }) }),
    choice,
  );
  const of = (root: string): CarriedPassageIndex => (isShared(root) ? shared : local);
  return {
    update: (request, signal) => of(request.root).update(request, signal),
    carry: (request, by, signal) => of(request.root).carry(request, by, signal),
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

function notShared(root: string): AgentError<"index.not-shared"> {
  const message = `What a cluster indexes is kept in a shared index: give the address of one for ${root} with --index-url or in BYZER_INDEX_URL, in the editor as byzer.index.url (postgres://USER@HOST/DATABASE?corpus=NAME).`;
  return new AgentError("index.not-shared", { root }, message);
}

const refuseCarrying: CarriedPassageIndex["carry"] = ({ root }) => Promise.reject(notShared(root));

function onlyHere(index: ThreadedPassageIndex): ThreadedPassageIndex["update"] {
  return async (request, signal) => {
    if (clusterPlace(request.root) !== null) {
      throw notShared(request.root);
    }
    return await index.update(request, signal);
  };
}

/**
 * An index whose updates report it as it stands where it cannot be written, or where only a cluster could read the files.
 * One that holds nothing is of no use.
 */
function searchedAtLeast(
  index: CarriedPassageIndex,
  { onReadOnly, onUnwritable }: PassageIndexChoice,
): CarriedPassageIndex {
  const atLeast = async (request: IndexUpdateRequest, work: () => Promise<IndexReport>): Promise<IndexReport> => {
    try {
      return await work();
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
  };
  return {
    ...index,
    update: (request, signal) =>
      atLeast(request, async () => {
        const status = clusterPlace(request.root) === null ? null : await index.status(request.root);
        const isThere = status !== null && (status.updatedMs !== null || status.files > 0);
        return isThere ? asItStands(request, status, request.root) : await index.update(request, signal);
      }),
    carry: (request, by, signal) => atLeast(request, () => index.carry(request, by, signal)),
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
