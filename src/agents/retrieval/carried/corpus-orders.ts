import * as z from "zod/mini";
import type { Problem } from "../../protocol/problem.ts";
import { carriedDatabaseSchema, carriedEmbedderSchema, carriedSecretsSchema } from "../../protocol/index-job.ts";

const numberSchema = z.number();
/** Size in bytes, when it was written and when it was changed in any way, both in milliseconds. */
const stampSchema = z.tuple([numberSchema, numberSchema, numberSchema]);

/** A file to prepare, which lies in the folder of the order. */
const fileSchema = z.object({
  path: z.string(),
  stamp: stampSchema,
  isSecret: z.boolean(),
  knownHash: z.nullable(z.string()),
  givenUp: z.nullable(z.string()),
});
export type CorpusFile = z.infer<typeof fileSchema>;

/** A file as it was read: path, stamp, when it was read in milliseconds, hash. */
const seenSchema = z.object({ path: z.string(), stamp: stampSchema, seenMs: numberSchema, hash: z.string() });

const common = {
  database: carriedDatabaseSchema,
  secrets: carriedSecretsSchema,
  corpus: z.string(),
};

/** What the program is to do: its first line. It does one thing and ends; when its standard input ends, it stops. */
export const corpusOrderSchema = z.discriminatedUnion("verb", [
  /** Says what is to be done with the files under a root. */
  z.object({
    verb: z.literal("plan"),
    ...common,
    root: z.string(),
    exclude: z.array(z.string()),
    gitIgnoring: z.optional(z.object({ files: z.boolean(), parents: z.boolean(), global: z.boolean() })),
    keepExcluded: z.boolean(),
    mostFiles: z.int(),
    /** The file in which this machine remembers what it has read. */
    memory: z.string(),
    /** The files follow, in lines of {@link listedLineSchema}: the root is no folder of this machine. */
    isListed: z.boolean(),
  }),
  /** Prepares and writes files, and embeds as many passages as they have. */
  z.object({
    verb: z.literal("carry"),
    ...common,
    embedder: z.nullable(carriedEmbedderSchema),
    /** Claims passages that are to be embedded. */
    owner: z.string(),
    folder: z.string(),
    files: z.array(fileSchema),
    /** The stamps are told back as they are: the files are copies. */
    areCopies: z.boolean(),
  }),
  /** Embeds what lacks a vector. */
  z.object({ verb: z.literal("embed"), ...common, embedder: carriedEmbedderSchema, owner: z.string() }),
  /** Ends an update. */
  z.object({
    verb: z.literal("finish"),
    ...common,
    embedder: z.nullable(carriedEmbedderSchema),
    /** What all owners of this update begin with. */
    job: z.string(),
    isWhole: z.boolean(),
    /** That it has written. */
    passages: z.int(),
    /** `null` where nothing is remembered here. */
    memory: z.nullable(z.string()),
    seen: z.array(seenSchema),
  }),
]);
export type CorpusOrder = z.infer<typeof corpusOrderSchema>;

/** Files of a place that is no folder; `null` behind the last. */
export const listedLineSchema = z.object({
  listed: z.nullable(z.array(z.object({ path: z.string(), stamp: stampSchema }))),
});

/** What the program says, one line each. */
export type FromCorpusProgram =
  | { readonly t: "tasks"; readonly files: readonly CorpusFile[] }
  | {
      readonly t: "planned";
      /** In which the files of all tasks lie. */
      readonly folder: string;
      readonly removed: number;
      readonly unchanged: number;
      readonly unreadable: readonly string[];
      readonly tooManyFiles: boolean;
    }
  | { readonly t: "written"; readonly files: readonly WrittenLine[] }
  | { readonly t: "embedded"; readonly count: number }
  /** Why passages stay without vectors for now. */
  | { readonly t: "embedding-problem"; readonly code: string; readonly message: string }
  | {
      readonly t: "finished";
      readonly files: number;
      readonly passages: number;
      readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
      readonly leftOutFiles: number;
      readonly sizeBytes: number;
      readonly embedded: number;
    }
  | ({ readonly t: "failed" } & Problem)
  | { readonly t: "done" };

/** What came of a file. */
export interface WrittenLine {
  readonly path: string;
  readonly hash: string;
  readonly fate: "added" | "changed" | "unchanged" | "left";
  /** Why it has no passages, or `null`. */
  readonly reason: string | null;
  readonly passages: number;
  readonly readBytes: number;
  readonly stamp: readonly [sizeBytes: number, modifiedMs: number, changedMs: number];
  readonly seenMs: number;
}
