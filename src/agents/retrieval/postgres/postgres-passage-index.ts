import { createHash } from "node:crypto";
import { basename } from "node:path";
import { type CarriedPassageIndex, createThreadedIndex } from "../passage-index.ts";
import { programLocation } from "../worker-location.ts";
import type { CorpusName, PostgresWorkerData } from "./postgres-worker.ts";
import { mostCorpusBytes, readSharedAddress } from "./shared-address.ts";

/** Where a shared index is. */
export interface PostgresPassageIndexOptions {
  /** As {@link readSharedAddress} wants it: `postgres://USER@HOST/DATABASE?corpus=NAME`, without a password. */
  readonly url: string;
  /** Where left out, `PGPASSWORD` or the `.pgpass` file say it. */
  readonly password?: string;
  /** Where this machine keeps what it remembers of the files it has read: outside of what is indexed. */
  readonly folder: string;
  /** The program of the thread; `postgres-worker.mjs` beside this one where left out. */
  readonly worker?: URL;
  /** Files beyond are not indexed; 100,000 where left out. */
  readonly mostFiles?: number;
  /** Writes to the log what nobody has to be told. */
  readonly log?: (text: string) => void;
}

/**
 * Makes an index that several people share: in a schema of its own in a PostgreSQL database, named after the `corpus` of
 * the URL or the folder, with paths relative to the root. Who may only read searches; `update` then rejects with
 * `index.read-only`. Nothing is connected before the first order.
 *
 * @throws AgentError `index.address`
 */
export function createPostgresPassageIndex(options: PostgresPassageIndexOptions): CarriedPassageIndex {
  const { url, password, folder, worker, mostFiles, log } = options;
  const { server, database, corpus } = readSharedAddress(url);
  const workerData: PostgresWorkerData = { url, password, folder };
  return createThreadedIndex({
    worker: worker ?? programLocation("postgres/postgres-worker"),
    workerData,
    ...(mostFiles === undefined ? {} : { mostFiles }),
    ...(log === undefined ? {} : { log }),
    databaseOf: (root) => {
      const name = corpus ?? corpusOfFolder(root);
      const address = `postgres://${server}/${database ?? ""}?corpus=${encodeURIComponent(name)}`;
      return JSON.stringify({ corpus: name, address, root } satisfies CorpusName);
    },
  });
}

/** The folder's name; one that is too long for the database is cut, and told apart by its hash. */
function corpusOfFolder(root: string): string {
  const name = basename(root).normalize("NFC");
  if (name !== "" && Buffer.byteLength(name) <= mostCorpusBytes) {
    return name;
  }
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 10);
  const begin = Array.from(name).reduce((kept, one) => {
    return Buffer.byteLength(kept + one) < mostCorpusBytes - hash.length ? kept + one : kept;
  }, "");
  return `${begin}-${hash}`;
}
