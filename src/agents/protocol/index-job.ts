import * as z from "zod/mini";

const countSchema = z.int().check(z.gte(0));
const pathSchema = z.string().check(z.minLength(1), z.maxLength(8192));

/** A shared index's server as another machine reaches it: no paths of this machine, nothing secret. */
export const carriedDatabaseSchema = z.object({
  host: z.string(),
  port: z.int(),
  user: z.string(),
  database: z.string(),
  /** Options of the session, such as `-c role=team`. */
  options: z.optional(z.string()),
  tls: z.object({
    /** `try`: with TLS, and without where the server has none. */
    use: z.enum(["never", "try", "always"]),
    /** A certificate that no authority vouches for is refused. */
    isVerified: z.boolean(),
    /** The name in the certificate must be the server's. */
    isNamed: z.boolean(),
    /** Certificates as PEM. */
    ca: z.nullable(z.string()),
    cert: z.nullable(z.string()),
  }),
});
export type CarriedDatabase = z.infer<typeof carriedDatabaseSchema>;

/** What must stay in memory. It travels on its own, in a body that holds nothing else. */
export const carriedSecretsSchema = z.object({
  /** Of the database. */
  password: z.nullable(z.string()),
  /** Of the certificate by which this person is known, as PEM. */
  tlsKey: z.nullable(z.string()),
  embeddingKey: z.nullable(z.string()),
});
export type CarriedSecrets = z.infer<typeof carriedSecretsSchema>;

/** A model that embeds, behind an address that the cluster reaches. */
export const carriedEmbedderSchema = z.object({ baseUrl: z.string(), model: z.string(), maxBatch: countSchema });
export type CarriedEmbedder = z.infer<typeof carriedEmbedderSchema>;

/** Where the files come from: from the window in packs, or from a place that the cluster reads. */
const sourceSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("window") }),
  z.object({
    kind: z.literal("cluster"),
    /** An absolute path, or the address of an object store such as `s3://bucket/folder`. */
    root: z.string(),
    exclude: z.array(z.string()),
    gitIgnoring: z.optional(z.object({ files: z.boolean(), parents: z.boolean(), global: z.boolean() })),
    keepExcluded: z.boolean(),
    mostFiles: countSchema,
  }),
]);
export type IndexSource = z.infer<typeof sourceSchema>;

/** An update of a shared index that a cluster does. */
export const indexOrderSchema = z.object({
  /** Unique. */
  id: z.string().check(z.minLength(1), z.maxLength(100)),
  corpus: z.string(),
  database: carriedDatabaseSchema,
  embedder: z.nullable(carriedEmbedderSchema),
  /** It looks at the whole root. */
  isWhole: z.boolean(),
  /** Tasks at a time; 0: as many as the cluster has processors, up to a limit of its own. */
  parallel: countSchema,
  source: sourceSchema,
});
export type IndexOrder = z.infer<typeof indexOrderSchema>;

/** A file of a pack. Contents follow one another in the pack, in this order. */
export const carriedFileSchema = z.object({
  /** Relative to the root, with `/`. */
  path: pathSchema,
  /** Of the content in the pack; `null` where the content is not to be read. */
  sizeBytes: z.nullable(countSchema),
  isSecret: z.boolean(),
  /** Of the content that the index has; `null` for a new file. */
  knownHash: z.nullable(z.string()),
  /** Why it is given up without being read; `null` where it is not. */
  givenUp: z.nullable(z.string()),
});
export type CarriedFile = z.infer<typeof carriedFileSchema>;

/** What a window says to the actor that indexes: bodies with one member. */
export type ToIndexJob =
  | { readonly order: IndexOrder }
  /** Said when the actor has accepted the order, which it does not begin before. */
  | { readonly secrets: CarriedSecrets & { readonly order: string } }
  /** `pack`: hash of a content of the cluster; `null` where no file of these has any. */
  | { readonly files: { readonly order: string; readonly pack: string | null; readonly files: readonly CarriedFile[] } }
  /** All files were said, so many. `unchanged`: how many others are as they were. */
  | { readonly last: { readonly order: string; readonly ofFiles: number; readonly unchanged: number } }
  | { readonly cancel: { readonly order: string } };

/** What came of a file: `left`: it is to be read once more; `lost`: the cluster does not have its pack any more. */
const fateSchema = z.enum(["added", "changed", "unchanged", "left", "lost"]);

const progressSchema = z.object({
  phase: z.enum(["waiting", "planning", "reading", "embedding", "ending"]),
  doneFiles: countSchema,
  ofFiles: z.nullable(countSchema),
  embedded: countSchema,
  /** Tasks that run at the moment. */
  running: countSchema,
  /** Files read, by the address of the machine. */
  nodes: z.record(z.string(), countSchema),
});
export type IndexJobProgress = z.infer<typeof progressSchema>;

const leftOutSchema = z.object({ path: z.string(), reason: z.string() });

const reportSchema = z.object({
  files: countSchema,
  passages: countSchema,
  added: countSchema,
  changed: countSchema,
  removed: countSchema,
  unchanged: countSchema,
  leftOut: z.array(leftOutSchema),
  leftOutFiles: countSchema,
  tooManyFiles: z.boolean(),
  readBytes: countSchema,
  durationMs: countSchema,
  sizeBytes: countSchema,
  /** Passages with an embedding of the order's model; 0 without one. */
  embedded: countSchema,
  nodes: z.record(z.string(), countSchema),
});
export type IndexJobReport = z.infer<typeof reportSchema>;

/** What the actor says. `order`: of the update that it is about. */
export const fromIndexJobSchema = z.union([
  /** `secrets` are wanted. `job`: the update that does the work, which may be one that runs already. */
  z.object({ accepted: z.object({ order: z.string(), job: z.string(), parallel: countSchema }) }),
  z.object({ progress: z.intersection(z.object({ order: z.string() }), progressSchema) }),
  /** Files that are written, each with its hash. */
  z.object({
    written: z.object({
      order: z.string(),
      files: z.array(z.object({ path: z.string(), hash: z.string(), fate: fateSchema })),
    }),
  }),
  /** Something that the person should know and that does not stop the rest. */
  z.object({ notice: z.object({ order: z.string(), code: z.string(), message: z.string() }) }),
  z.object({ report: z.intersection(z.object({ order: z.string() }), reportSchema) }),
  z.object({
    failed: z.object({ order: z.string(), code: z.nullable(z.string()), message: z.string(), details: z.json() }),
  }),
]);
export type FromIndexJob = z.infer<typeof fromIndexJobSchema>;
