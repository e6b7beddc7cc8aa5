import * as z from "zod/mini";

/** One side of a join: a column of a file. */
export const joinSideSchema = z.object({
  /** The file as it was attached; absolute. */
  path: z.string(),
  /** The file's name, to show. */
  name: z.string(),
  column: z.string(),
  /** Different values of the column, missing left out, after what `normalise` says has been done. */
  distinct: z.number(),
  /** Share of these, 0 to 1, that the other side has too. */
  found: z.number(),
  /** A few values as this file writes them that the other side lacks, to show what falls out. */
  unmatched: z.array(z.string()),
});
export type JoinSide = z.infer<typeof joinSideSchema>;

/** How often a value may stand on the left and on the right. */
export const joinCardinalitySchema = z.enum(["one-to-one", "one-to-many", "many-to-one", "many-to-many"]);
export type JoinCardinality = z.infer<typeof joinCardinalitySchema>;

/**
 * What differs between the two writings of one value and must be made equal before joining. `spaces`: at the ends or
 * doubled; `case`; `width`: full-width letters and digits; `number-text`: numbers in one file, text in the other;
 * `leading-zeros`: `01001` in one file, `1001` in the other; `date-format`: one day written in two ways.
 */
export const joinNormalisationSchema = z.enum([
  "spaces",
  "case",
  "width",
  "number-text",
  "leading-zeros",
  "date-format",
]);
export type JoinNormalisation = z.infer<typeof joinNormalisationSchema>;

/** Two columns of two files whose values fit, best guess first in a list of them. */
export const tableJoinSchema = z.object({
  left: joinSideSchema,
  right: joinSideSchema,
  /** Different values that stand on both sides. */
  sharedValues: z.number(),
  cardinality: joinCardinalitySchema,
  /** Further columns that must be equal too, since the first alone brings several rows of one file to each of the other. */
  also: z.optional(z.array(z.object({ left: z.string(), right: z.string() }))),
  /** Empty where the values are written alike. */
  normalise: z.array(joinNormalisationSchema),
  /** A few shared values, as each side writes them. */
  examples: z.array(z.object({ left: z.string(), right: z.string() })),
  /**
   * Python expression that gives the joined frame, such as
   * `df.merge(df2, left_on="fips", right_on="id", how="left", validate="many_to_one")`. The frames bear the names that
   * `frameName` gives to the files in the order in which they were passed.
   */
  pandas: z.string(),
  /** Columns besides the keys that both files have; in the joined frame those of the right file end in `suffix`. */
  collisions: z.optional(z.object({ columns: z.array(z.string()), suffix: z.string() })),
  /** Counts are estimates, since a column has more values than are kept. */
  approximate: z.optional(z.boolean()),
});
export type TableJoin = z.infer<typeof tableJoinSchema>;

/** The name of the variable that holds file number `index`, counted from 0: `df`, `df2`, `df3`, … */
export function frameName(index: number): string {
  return index === 0 ? "df" : `df${index + 1}`;
}
