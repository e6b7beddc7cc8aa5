import { AgentError } from "../../base/errors.ts";
import type { PassageStore } from "./passage-store.ts";

/**
 * Has nothing left in the files of an index of what was removed from it: neither words of full-text search, which keeps
 * them until its parts are joined, nor embeddings, nor bytes of free pages and of the log. Takes as long as writing the
 * database anew. To be called between updates.
 *
 * @throws SQLite's error, such as "locked" while another process reads for longer than the time limit
 */
export function purgeStore(store: PassageStore): void {
  store.begin();
  try {
    store.prepare("DELETE FROM vectors WHERE file = 0").run();
    store.prepare("INSERT INTO passage (passage) VALUES ('optimize')").run();
    store.commit();
  } catch (error) {
    store.rollback();
    throw error;
  }
  store.prepare("VACUUM").run();
  const { busy } = store.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() ?? {};
  if (Number(busy) === 1) {
    throw new AgentError(
      "index.busy",
      { path: store.path },
      `Another process reads the index at ${store.path} and does not come to an end, so that what was removed is still in its log. Try again later.`,
    );
  }
}
