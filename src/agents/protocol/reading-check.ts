import * as z from "zod/mini";
import { type TableWarning, tableWarningSchema } from "./table-profile.ts";

/** What came of trying a file's reading call in the session's Python. */
export const readingCheckSchema = z.object({
  by: z.enum(["pandas", "standard-library"]),
  /** Where Python and the profile disagree on rows, columns, sums or missing values; empty where they agree. */
  warnings: z.array(tableWarningSchema),
});
export type ReadingCheck = z.infer<typeof readingCheckSchema>;

/** All that would go wrong with a file if nobody knew: where two readings of it disagree, then what its profile found. */
export function fileWarnings(
  profile: { readonly warnings: readonly TableWarning[] },
  check: ReadingCheck | null | undefined,
): readonly TableWarning[] {
  return [...(check?.warnings ?? []), ...profile.warnings];
}
