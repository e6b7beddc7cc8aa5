import type { Problem } from "../protocol/problem.ts";

/** Why a file, or a part of it, is not in the index; `secret` files are never read into it. */
export interface LeftOutFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** A code with its figures, such as `password` or `first-pages 12 300`; `leftOutText` of `protocol/words` says it. */
  readonly reason: string;
}

/** How far an update has come. */
export interface IndexProgress {
  readonly doneFiles: number;
  /** Files that have to be read; not known while folders are still being listed. */
  readonly ofFiles: number | null;
}

/** What an update found and did. */
export interface IndexReport {
  /** Absolute path of what is indexed. */
  readonly root: string;
  readonly files: number;
  readonly passages: number;
  /** Files with text that are new, are others now, or are gone; what is left out whole is not counted. */
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** Files whose passages are as they were. */
  readonly unchanged: number;
  /** The first 1,000 by path. */
  readonly leftOut: readonly LeftOutFile[];
  readonly leftOutFiles: number;
  /** There are more files than an index holds; those deepest down are not in it. */
  readonly tooManyFiles: boolean;
  /** Of the text read by this update. */
  readonly readBytes: number;
  readonly durationMs: number;
  /** Where the index is kept, and how large it is. */
  readonly database: string;
  readonly sizeBytes: number;
}

/** A passage that a search found. */
export interface Passage {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** In characters (Unicode code points) of the decoded file without a byte order mark, counted from zero. */
  readonly start: number;
  /** Behind the last character. */
  readonly end: number;
  /** Counted from one. */
  readonly startLine: number;
  readonly endLine: number;
  /** The number of each line, where they do not follow one another: rows of a sheet with blank ones between them. */
  readonly lineNumbers?: readonly number[];
  /** Counted from one; `null` in files without pages. */
  readonly page: number | null;
  /** The headings, the function or the table header that the passage stands under; empty where there is none. */
  readonly place: string;
  /** Only to be compared with scores of the same search. */
  readonly score: number;
  /** What the score was made of, for a person who wants to know; left out where the search was by words alone. */
  readonly scores?: PassageScores;
  readonly text: string;
}

/** How a passage was found: by its words, by its meaning, and how a reranker judged it; `null` where it was not. */
export interface PassageScores {
  /** As the text search scored it. */
  readonly text: number | null;
  /** Cosine of the angle between the embeddings of the query and the passage. */
  readonly vector: number | null;
  readonly reranked: number | null;
}

/** A file or a folder to stay within, or some lines of a file. */
export interface PassageScope {
  /** Relative to the root, with `/`; empty for the root. */
  readonly path: string;
  /** Only passages that share a line with these, counted from one. */
  readonly lines?: { readonly first: number; readonly last: number };
}

/** Which ignore files of git count. `.byzerignore` always does. */
export interface GitIgnoring {
  /** `.gitignore` in what is indexed, and in the folders of the repository above it. */
  readonly files: boolean;
  /** Those in the folders above. */
  readonly parents: boolean;
  /** The file that holds for all repositories of a person. */
  readonly global: boolean;
}

export interface IndexUpdateRequest {
  /** Absolute path of a folder or a file. */
  readonly root: string;
  /** Globs of what is left out, as in `files.exclude`, relative to the root. */
  readonly exclude?: readonly string[];
  /** All but the global one where left out. */
  readonly gitIgnoring?: GitIgnoring;
  /** What `exclude` leaves out is not read, and stays in the index where it is in it already. */
  readonly keepExcluded?: boolean;
  /**
   * Only these files and folders are looked at again, relative to the root, with `/`: after they were saved, made or
   * deleted, or because a person asks about them.
   */
  readonly only?: readonly string[];
  /**
   * The person named what stands in `only`: it is read even where ignore files or `exclude` leave it out. What holds keys
   * is left out in any case.
   */
  readonly named?: boolean;
  readonly onProgress?: (progress: IndexProgress) => void;
}

export interface PassageQuery {
  /** As in the update that made the index. */
  readonly root: string;
  readonly text: string;
  /** At most so many passages. */
  readonly top: number;
  /** Everywhere where left out or empty. */
  readonly within?: readonly PassageScope[];
}

/** Which passages are wanted as they follow one another. */
export interface PassageReading {
  /** As in the update that made the index. */
  readonly root: string;
  /** Everywhere where empty. */
  readonly within: readonly PassageScope[];
  /** Ends before the passage that would go beyond so many characters. */
  readonly mostCharacters: number;
  /**
   * Instead of the beginning, so many passages at most from all over the scope: the middle of one file after another,
   * several of each where files are few. Lines of scopes do not count then.
   */
  readonly spread?: number;
}

/** Passages of a scope from its beginning on. */
export interface ReadPassages {
  /** By path, then by place in the file; their scores are 0. */
  readonly passages: readonly Passage[];
  /** Passages in the scope, also those that are not given. */
  readonly count: number;
  /** Of all of them. */
  readonly characters: number;
  readonly files: number;
}

/** An index as it stands. */
export interface IndexStatus {
  readonly files: number;
  readonly passages: number;
  /** Passages that have an embedding of the model in use; 0 where none is. */
  readonly embedded: number;
  /** Why embeddings are not being made at the moment; left out where nothing is wrong. */
  readonly embeddingProblem?: Problem;
  readonly sizeBytes: number;
  /** An update runs. */
  readonly updating: boolean;
  /** When the last update of the whole root ended, in milliseconds; `null` when there was none. */
  readonly updatedMs: number | null;
  readonly leftOutFiles: number;
  /** The first 1,000 by path. */
  readonly leftOut: readonly LeftOutFile[];
}

/** An index over the files of a folder: brought up to date, then asked. */
export interface PassageIndex {
  /**
   * Reads what has changed since the last time. May be asked while it runs. A stopped update keeps what it has read.
   *
   * @throws AgentError `index.*`
   */
  update(request: IndexUpdateRequest, signal: AbortSignal): Promise<IndexReport>;
  /**
   * Finds passages, best first. Never fails for lack of matches: it finds none.
   *
   * @throws AgentError `index.*`
   */
  search(query: PassageQuery, signal: AbortSignal): Promise<readonly Passage[]>;
  /**
   * Gives the passages of a scope from its beginning on, for what is small enough to be read whole.
   *
   * @throws AgentError `index.*`
   */
  read(reading: PassageReading, signal: AbortSignal): Promise<ReadPassages>;
  /** Makes no index where there is none: all is then 0. @throws AgentError `index.*` */
  status(root: string): Promise<IndexStatus>;
  /** Deletes the index of a root. */
  remove(root: string): Promise<void>;
}
