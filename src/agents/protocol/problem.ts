import * as z from "zod/mini";

/** A failure as a client shows it: the code lets it offer the right way out. */
export const problemSchema = z.object({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.json()),
});
export type Problem = z.infer<typeof problemSchema>;
