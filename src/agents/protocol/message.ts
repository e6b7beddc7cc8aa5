import * as z from "zod/mini";

/**
 * One message between two agents, as every mailbox receives it: local, in another process, or on a cluster.
 * Peers are names, never objects, so that any two agents can talk wherever they live.
 */
export const messageSchema = z.object({
  /** Unique; a mailbox that sees it twice answers once. */
  id: z.string(),
  from: z.string(),
  to: z.string(),
  inReplyTo: z.optional(z.string()),
  content: z.string(),
  /** Side information for reply functions (typed control, never magic words in the text); not shown to a model. */
  metadata: z.record(z.string(), z.json()),
  /** `false`: the receiver remembers and does not answer. */
  requestReply: z.boolean(),
  /** Left out of the transcript. */
  silent: z.boolean(),
});
export type Message = z.infer<typeof messageSchema>;
