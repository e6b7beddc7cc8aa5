/** Why a file, or a part of it, is not in the index; `secret` files are never read into it. */
export interface LeftOutFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /**
   * `secret`, `binary`, `generated`, `unreadable`, `empty`, or a sentence about the part that is missing, like `only the
   * first 50 MB`.
   */
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
  /** Counted from one; `null` in files without pages. */
  readonly page: number | null;
  /** The headings, the function or the table header that the passage stands under; empty where there is none. */
  readonly place: string;
  /** Only to be compared with scores of the same search. */
  readonly score: number;
  readonly text: string;
}

export interface IndexUpdateRequest {
  /** Absolute path of a folder or a file. */
  readonly root: string;
  /** Globs of what is left out, as in `files.exclude`, relative to the root. */
  readonly exclude?: readonly string[];
  /** Only these files are looked at again, relative to the root, with `/`: after they were saved, made or deleted. */
  readonly only?: readonly string[];
  readonly onProgress?: (progress: IndexProgress) => void;
}

export interface PassageQuery {
  /** As in the update that made the index. */
  readonly root: string;
  readonly text: string;
  /** At most so many passages. */
  readonly top: number;
  /** Files and folders to stay within, relative to the root; everywhere where left out or empty. */
  readonly within?: readonly string[];
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
  /** Deletes the index of a root. */
  remove(root: string): Promise<void>;
}
