/** A table as people really have it, and what it is. */
export interface AwkwardTable {
  readonly file: string;
  readonly bytes: Buffer | string;
  readonly rows: number;
  readonly names: readonly string[];
  /** Sums of columns, by name. */
  readonly sums?: Readonly<Record<string, number>>;
  /** Cells by row and column. */
  readonly cells?: readonly (readonly [number, number, unknown])[];
  /** Missing values of columns, by name. */
  readonly nulls?: Readonly<Record<string, number>>;
  /** Types of columns, by name. */
  readonly types?: Readonly<Record<string, string>>;
  /** Codes of warnings that must be there. */
  readonly warnings?: readonly string[];
  /** Part of the pandas call. */
  readonly call?: string;
  /** What the dialect says. */
  readonly dialect?: Readonly<Record<string, unknown>>;
}
