import { createHash } from "node:crypto";
import { join } from "node:path";
import type { IndexReport, IndexStatus, Passage, ReadPassages } from "../../ports/passage-index.ts";
import { removeDatabase } from "../index/database.ts";
import { noIndex } from "../index/index-status.ts";
import type { UpdateRequest } from "../index/plan-update.ts";
import type { CarryingIndex, OpenIndex } from "../open-index.ts";
import type { CarriedServer } from "../carried/carried-database.ts";
import { planCarrying } from "../carried/plan-carrying.ts";
import type { Carrying, ReadOrder, SearchOrder } from "../retrieval-messages.ts";
import { CorpusLook } from "./corpus-look.ts";
import { type CorpusState, lockCorpus, schemaOf } from "./corpus-schema.ts";
import { corpusSums } from "./corpus-sums.ts";
import { CorpusTerms } from "./corpus-terms.ts";
import { CorpusVectors } from "./corpus-vectors.ts";
import { readCorpus } from "./read-corpus.ts";
import { type CorpusMeaning, searchByMeaning, searchCorpus } from "./search-corpus.ts";
import { SeenFiles } from "./seen-files.ts";
import type { SharedDatabase } from "./shared-database.ts";
import { updateCorpus } from "./update-corpus.ts";

/** Which corpus, of which database, as which folder of this machine. */
export interface CorpusOptions {
  readonly database: SharedDatabase;
  /** How other machines reach the server. */
  readonly server: () => Promise<CarriedServer>;
  readonly corpus: string;
  /** Names the corpus and its server in reports. */
  readonly address: string;
  /** Where this machine keeps what it remembers of the files. */
  readonly folder: string;
  /** Real path of the root. */
  readonly root: string;
}

/** A shared corpus: one update after the other, searches in between. */
class OpenCorpus implements OpenIndex {
  readonly vectors: NonNullable<OpenIndex["vectors"]>;
  readonly carrying: CarryingIndex;
  readonly #options: CorpusOptions;
  readonly #schema: string;
  readonly #seenPath: string;
  readonly #look: CorpusLook;
  readonly #terms: CorpusTerms;
  readonly #vectors: CorpusVectors;
  #seen: SeenFiles | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #updates = 0;

  constructor(options: CorpusOptions) {
    const { database, corpus, address, folder, root } = options;
    this.#options = options;
    this.#schema = schemaOf(corpus);
    const name = createHash("sha256").update(`${address}\n${root}`).digest("hex").slice(0, 24);
    this.#seenPath = join(folder, `shared-${name}.db`);
    this.#look = new CorpusLook(database, corpus);
    this.#terms = new CorpusTerms(this.#schema);
    const vectors = new CorpusVectors(database, corpus);
    this.#vectors = vectors;
    this.vectors = {
      lacking: (request) => vectors.lacking(request),
      keep: (request) => vectors.keep(request),
      count: (embedder) => vectors.count(embedder),
    };
    this.carrying = {
      begin: (request, signal) => this.#begin(request, signal),
      remember: (files) => this.#memory().remember(files),
    };
  }

  async update(
    order: Omit<UpdateRequest, "onProgress">,
    onProgress: UpdateRequest["onProgress"],
    signal: AbortSignal,
  ): Promise<IndexReport> {
    const before = this.#last;
    this.#updates += 1;
    const own = this.#updateAfter(before, { ...order, onProgress }, signal);
    this.#last = own.catch(() => undefined);
    return await own;
  }

  async search(order: SearchOrder): Promise<readonly Passage[]> {
    return await this.#look.whereThere<readonly Passage[]>([], async (state) => {
      const searched = { database: this.#options.database, schema: this.#schema, terms: this.#terms };
      const meaning = await this.#meaningOf(order, state);
      return meaning === null ? await searchCorpus(searched, order) : await searchByMeaning(searched, order, meaning);
    });
  }

  async read(order: ReadOrder): Promise<ReadPassages> {
    const nothing: ReadPassages = { passages: [], count: 0, characters: 0, files: 0 };
    return await this.#look.whereThere(nothing, () => readCorpus(this.#options.database, this.#schema, order));
  }

  async status(): Promise<IndexStatus> {
    const { database, corpus } = this.#options;
    const status = await this.#look.whereThere(noIndex, () => corpusSums(database, corpus));
    return { ...status, updating: status.updating || this.#updates > 0 };
  }

  async remove(): Promise<void> {
    await this.#last;
    this.#look.forget();
    const { database, corpus } = this.#options;
    await database.withConnection(async (connection) => {
      await connection.query("BEGIN");
      await lockCorpus(connection, corpus);
      await connection.query(`DROP SCHEMA IF EXISTS ${this.#schema} CASCADE`);
      await connection.query("COMMIT");
    });
    this.#forgetFiles();
    removeDatabase(this.#seenPath);
  }

  async close(): Promise<void> {
    await this.#last;
    this.#forgetFiles();
  }

  async #updateAfter(before: Promise<unknown>, request: UpdateRequest, signal: AbortSignal): Promise<IndexReport> {
    await before;
    const { database, corpus, address } = this.#options;
    try {
      return await updateCorpus({ database, corpus, seen: this.#memory(), address }, request, signal);
    } finally {
      this.#updates -= 1;
      this.#look.forget();
    }
  }

  async #begin(request: UpdateRequest | null, signal: AbortSignal): Promise<Carrying> {
    const { database, corpus, address, server } = this.#options;
    const reached = await server();
    this.#look.forget();
    const place = { database, corpus, seen: this.#memory() };
    const plan = request === null ? null : await planCarrying(place, request, signal);
    return { corpus: { corpus, ...reached }, address, plan };
  }

  #memory(): SeenFiles {
    this.#seen ??= new SeenFiles(this.#seenPath);
    return this.#seen;
  }

  /** `null` where the search is by words alone. */
  async #meaningOf({ embedding }: SearchOrder, looked: CorpusState): Promise<CorpusMeaning | null> {
    if (embedding === null) {
      return null;
    }
    // Somebody may have made the first vectors since.
    const state = looked.vectors?.hasTable === false ? await this.#look.again() : looked;
    const { embedder, vector } = embedding;
    const model = await this.#vectors.find(state, embedder, vector.length);
    const count = model === null ? 0 : await this.#vectors.size(model);
    return model === null || state.vectors === null || count === 0
      ? null
      : { model, count, vector, vectorSchema: state.vectors.schema };
  }

  #forgetFiles(): void {
    this.#seen?.close();
    this.#seen = null;
  }
}

/** Opens a shared corpus. Nothing is asked of the server before the first order. */
export function openCorpus(options: CorpusOptions): OpenIndex {
  return new OpenCorpus(options);
}
