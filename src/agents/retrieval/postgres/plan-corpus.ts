import { lstatSync } from "node:fs";
import { dirname, join } from "node:path";
import { AgentError } from "../../base/errors.ts";
import type { Pace } from "../index/pace.ts";
import type { StoredFile } from "../index/passage-store.ts";
import { type Plan, planUpdate, type UpdateRequest } from "../index/plan-update.ts";
import type { walkFiles } from "../index/walk-files.ts";
import { prepareCorpus, schemaOf } from "./corpus-schema.ts";
import { numberOf } from "./corpus-rows.ts";
import { pathSql, statementValues } from "./scope-sql.ts";
import type { FileMemory } from "./seen-files.ts";
import type { SharedDatabase } from "./shared-database.ts";

/** A corpus and what is remembered here of its files. */
export interface CorpusPlace {
  readonly database: SharedDatabase;
  readonly corpus: string;
  readonly seen: FileMemory;
}

/** Files of a root that lie elsewhere than in a folder of this machine. */
export interface ListedFiles {
  readonly walk: typeof walkFiles;
  readonly isThere: (path: string) => boolean;
}

/** So many files of a corpus are looked for in a folder that is new to it, and so many of them must be there. */
const sampledFiles = 200;
const kinship = 0.1;

/**
 * Makes a corpus ready and says what is to be done with the files under a root.
 *
 * @throws AgentError `index.*`; the signal's reason
 */
export async function planCorpus(
  place: CorpusPlace,
  request: UpdateRequest,
  pace: Pace,
  listed?: ListedFiles,
): Promise<Plan> {
  await prepareCorpus(place.database, place.corpus);
  if (place.seen.isEmpty) {
    await checkKinship(place, request.root, listed?.isThere ?? isFileUnder(request.root));
  }
  const known = { files: (under: string) => knownFiles(place, under) };
  return await planUpdate(known, request, pace, { walk: listed?.walk });
}

/** The files that the corpus has, each with the dates at which it had this content here. */
async function knownFiles({ database, corpus, seen }: CorpusPlace, under: string): Promise<Map<string, StoredFile>> {
  const values = statementValues();
  const condition = pathSql(under, values);
  const rows = await database.query(
    `SELECT id, path, hash, reason FROM ${schemaOf(corpus)}.file AS file WHERE ${condition}`,
    values.list,
  );
  return new Map(
    rows.map((row) => {
      const path = String(row["path"]);
      const hash = String(row["hash"]);
      const here = seen.find(path);
      const { stamp, seenMs } = here?.hash === hash ? here : neverSeen;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the corpus writer
      const reason = row["reason"] as StoredFile["reason"];
      return [path, { id: numberOf(row, "id"), stamp, seenMs, hash, reason }];
    }),
  );
}

const neverSeen = { stamp: { sizeBytes: -1, modifiedMs: -1, changedMs: -1 }, seenMs: 0 };

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isFileUnder(root: string): (path: string) => boolean {
  const folder = isFile(root) ? dirname(root) : root;
  return (path) => isFile(join(folder, path));
}

/**
 * A folder that was never indexed under this name must have some of the files that the corpus has: else it is another
 * folder of the same name, and would take its place.
 */
async function checkKinship(
  { database, corpus }: CorpusPlace,
  root: string,
  isThere: (path: string) => boolean,
): Promise<void> {
  const rows = await database.query(`SELECT path FROM ${schemaOf(corpus)}.file ORDER BY hash LIMIT ${sampledFiles}`);
  const paths = rows.map(({ path }) => String(path));
  const here = paths.filter(isThere);
  const [other] = paths;
  if (other !== undefined && here.length < Math.max(1, paths.length * kinship)) {
    throw new AgentError(
      "index.name-taken",
      { corpus, root, other },
      `The shared index "${corpus}" has other files than ${root}, such as ${other}. Give this folder a name of its own in the address of the index (?corpus=NAME), or delete the index first.`,
    );
  }
}
