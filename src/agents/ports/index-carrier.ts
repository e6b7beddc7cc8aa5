import type { CarriedDatabase, IndexJobProgress, IndexJobReport, IndexSource } from "../protocol/index-job.ts";
import type { Embedder } from "./embedder.ts";

/** A file of this machine that is to be in a shared index. */
export interface FileToCarry {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** Absolute, of the file here. */
  readonly file: string;
  readonly sizeBytes: number;
  /** Its content stays here. */
  readonly isSecret: boolean;
  /** Why it is not to be read; `null` where it is. */
  readonly givenUp: string | null;
  /** Of the content that the index has; `null` for a new file. */
  readonly knownHash: string | null;
}

/** Files of this machine, or a place that others read. */
export type CarriedSource =
  | Extract<IndexSource, { readonly kind: "cluster" }>
  | {
      readonly kind: "files";
      readonly files: readonly FileToCarry[];
      /** Files of the root that are as they were. */
      readonly unchanged: number;
    };

/** A shared index and how it is reached. */
export interface CarriedCorpus {
  readonly corpus: string;
  readonly database: CarriedDatabase;
  /** Stays in memory wherever it comes. */
  readonly password: string | null;
  readonly tlsKey: string | null;
}

/** An update of a shared index that others do. */
export interface CarryOrder {
  readonly corpus: CarriedCorpus;
  readonly source: CarriedSource;
  /** It looks at the whole root. */
  readonly isWhole: boolean;
  /** Embeds what is written; `null` for nobody. */
  readonly embedder: Embedder | null;
  readonly onProgress: (progress: IndexJobProgress) => void;
  /** Told of files of this machine that the index has now, with the hashes of their contents. */
  readonly onWritten: (files: readonly { readonly path: string; readonly hash: string }[]) => Promise<void>;
  /** Told what does not stop the update, as a sentence. */
  readonly onNotice: (sentence: string) => void;
}

/** Does updates of shared indexes on other machines: parsing, cutting, embedding, writing. */
export interface IndexCarrier {
  /**
   * Resolves when all is written. What was written when it is stopped stays, and is not done again.
   *
   * @throws AgentError `index.*`, `remote.*`; the signal's reason
   */
  carry(order: CarryOrder, signal: AbortSignal): Promise<IndexJobReport>;
}
