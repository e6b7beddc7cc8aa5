import * as z from "zod/mini";
import { remoteLinkVersion } from "./remote-link.ts";

const countSchema = z.int().check(z.gte(0));
const sha256Schema = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/**
 * What a window says to a gateway when it brings a content, over a WebSocket of its own: `hello` as on a link, then `put`,
 * then pieces of the content as binary messages, and `hash` at any time, once, where `put` did not say it.
 */
export const toUploadSchema = z.discriminatedUnion("t", [
  z.object({ t: z.literal("put"), sizeBytes: countSchema, sha256: z.nullable(sha256Schema) }),
  z.object({ t: z.literal("hash"), sha256: sha256Schema }),
]);
export type ToUpload = z.infer<typeof toUploadSchema>;

/** What the gateway answers after `welcome`. */
export const fromUploadSchema = z.discriminatedUnion("t", [
  z.object({
    t: z.literal("welcome"),
    v: z.literal(remoteLinkVersion),
  }),
  z.object({ t: z.literal("refused"), code: z.string(), message: z.string() }),
  /** So much was written; comes before the first piece, too, which waits for it. */
  z.object({ t: z.literal("wrote"), bytes: countSchema }),
  /** The cluster has it. `fresh`: it did not have it before; else the rest need not be sent. */
  z.object({ t: z.literal("kept"), fresh: z.boolean() }),
  /** It cannot be kept: `order`, `mismatch`, `full`. */
  z.object({ t: z.literal("failed"), code: z.string().check(z.minLength(1), z.maxLength(64)), message: z.string() }),
]);
export type FromUpload = z.infer<typeof fromUploadSchema>;
