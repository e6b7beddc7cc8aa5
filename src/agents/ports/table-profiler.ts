import type { TableDialect, TableProfile } from "../protocol/table-profile.ts";

/** What the person changed on the card; everything left out is detected. */
export type DialectChoice = { readonly [K in keyof Omit<TableDialect, "format">]?: TableDialect[K] };

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
}
