import { workerData } from "node:worker_threads";
import type { OpenIndex } from "../open-index.ts";
import { serveIndexes } from "../serve-indexes.ts";
import { carriedServer } from "../carried/carried-database.ts";
import { openCorpus } from "./open-corpus.ts";
import { readSharedAddress } from "./shared-address.ts";
import { SharedDatabase } from "./shared-database.ts";

/** What the thread is started with. */
export interface PostgresWorkerData {
  readonly url: string;
  readonly password: string | undefined;
  readonly folder: string;
}

/** How an order names a corpus. */
export interface CorpusName {
  readonly corpus: string;
  readonly address: string;
  readonly root: string;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- given by createPostgresPassageIndex
const { url, password, folder } = workerData as PostgresWorkerData;
const server = readSharedAddress(url);
const database = new SharedDatabase(server, password);

function open(name: string): OpenIndex {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by createPostgresPassageIndex
  const { corpus, address, root } = JSON.parse(name) as CorpusName;
  return openCorpus({ database, server: () => carriedServer(server, password), corpus, address, folder, root });
}

/** The thread that speaks with the server of a shared index. */
serveIndexes({ open, isThere: () => true, removeClosed: (name) => open(name).remove() });
