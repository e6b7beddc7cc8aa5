import type { ErrorData } from "../base/error-data.ts";
import type {
  IndexProgress,
  IndexReport,
  IndexStatus,
  Passage,
  PassageReading,
  ReadPassages,
} from "../ports/passage-index.ts";
import type { CarriedCorpus } from "../ports/index-carrier.ts";
import type { Plan, UpdateRequest } from "./index/plan-update.ts";
import type { SeenFile } from "./postgres/seen-files.ts";
import type { SearchRequest } from "./search/search-passages.ts";
import type { KeepRequest, LackingAnswer, LackingRequest, QueryEmbedding } from "./vectors/open-vectors.ts";

/** Which index an order is about. */
interface IndexOrder {
  readonly id: number;
  /** Path of the database. */
  readonly database: string;
}

export interface UpdateOrder extends IndexOrder, Omit<UpdateRequest, "onProgress"> {
  readonly type: "update";
  /** The size that the database may grow to. */
  readonly mostBytes: number;
}

export interface SearchOrder extends IndexOrder, SearchRequest {
  readonly type: "search";
  readonly root: string;
  readonly mostFiles: number;
  readonly mostBytes: number;
  /** `null` where the search is by words alone. */
  readonly embedding: QueryEmbedding | null;
}

/** Asks for passages without a vector. */
export interface LackingOrder extends IndexOrder, LackingRequest {
  readonly type: "lacking";
  readonly mostBytes: number;
}

/** Brings vectors. */
export interface KeepOrder extends IndexOrder, KeepRequest {
  readonly type: "keep";
  readonly mostBytes: number;
}

/** Asks for passages in their order. */
export interface ReadOrder extends IndexOrder, PassageReading {
  readonly type: "read";
  readonly mostFiles: number;
  readonly mostBytes: number;
}

/** Asks for what others need to do an update; `request`: `null` where they look for the files themselves. */
export interface CarryOrder extends IndexOrder {
  readonly type: "carry";
  readonly mostBytes: number;
  readonly request: Omit<UpdateRequest, "onProgress"> | null;
}

/** Tells of files that others have written. */
export interface RememberOrder extends IndexOrder {
  readonly type: "remember";
  readonly mostBytes: number;
  readonly files: readonly SeenFile[];
}

/** How others reach an index, and what they are to do. */
export interface Carrying {
  readonly corpus: CarriedCorpus;
  /** How a report names it. */
  readonly address: string;
  /** `null` where nothing was asked for. */
  readonly plan: CarriedPlan | null;
}

/** Files for others, after a look at all of them. */
export interface CarriedPlan extends Omit<Plan, "gone"> {
  readonly removed: number;
}

/** What the thread that owns the databases can be told to do. */
export type RetrievalOrder =
  | UpdateOrder
  | SearchOrder
  | ReadOrder
  | LackingOrder
  | KeepOrder
  | CarryOrder
  | RememberOrder
  /** `embedder`: the id of the one in use. */
  | (IndexOrder & { readonly type: "status"; readonly mostBytes: number; readonly embedder: string | null })
  | (IndexOrder & { readonly type: "remove" })
  | (IndexOrder & { readonly type: "purge"; readonly mostBytes: number })
  /** Stops the order with this number. */
  | { readonly type: "cancel"; readonly id: number }
  /** Closes all databases. */
  | { readonly type: "close"; readonly id: number };

/** What it answers. */
export type RetrievalAnswer =
  | { readonly id: number; readonly type: "progress"; readonly progress: IndexProgress }
  | { readonly id: number; readonly type: "updated"; readonly report: IndexReport }
  | { readonly id: number; readonly type: "found"; readonly passages: readonly Passage[] }
  | { readonly id: number; readonly type: "read"; readonly read: ReadPassages }
  | { readonly id: number; readonly type: "status"; readonly status: IndexStatus }
  | { readonly id: number; readonly type: "lacking"; readonly lacking: LackingAnswer }
  | { readonly id: number; readonly type: "kept"; readonly kept: number }
  | { readonly id: number; readonly type: "carrying"; readonly carrying: Carrying }
  /** For the log; answers nothing. */
  | { readonly id: 0; readonly type: "notice"; readonly text: string }
  | { readonly id: number; readonly type: "done" }
  | { readonly id: number; readonly type: "failed"; readonly error: ErrorData };
