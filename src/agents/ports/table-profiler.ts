import type { TableJoin } from "../protocol/table-join.ts";
import type { DialectChoice, TableProfile } from "../protocol/table-profile.ts";

export type { DialectChoice } from "../protocol/table-profile.ts";

export interface ProfileRequest {
  /** Absolute path. */
  readonly path: string;
  /** How many of the first rows the profile carries; 20 where left out. */
  readonly sampleRows?: number;
  readonly dialect?: DialectChoice;
  /** Called with an incomplete profile as soon as there is one, and now and then after. */
  readonly onProgress?: (profile: TableProfile, readBytes: number) => void;
}

/** Reads a table and says what is in it. */
export interface TableProfiler {
  /**
   * @throws AgentError `table.*` naming the file and the way out: not found, not readable, empty, not a table, damaged,
   * password-protected, too large for its format.
   */
  profile(request: ProfileRequest, signal: AbortSignal): Promise<TableProfile>;
  /**
   * Finds columns by which files can be joined, by their values, best first; the files are read again as their profiles
   * say. Empty for fewer than two files. The variables in `pandas` are numbered in the order of `profiles`, which should
   * be all files of the session in their order. A file that can no longer be read has no joins.
   */
  findJoins(profiles: readonly TableProfile[], signal: AbortSignal): Promise<readonly TableJoin[]>;
}
