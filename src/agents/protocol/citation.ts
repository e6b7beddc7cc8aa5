import * as z from "zod/mini";

/** A question of an earlier conversation of the workspace, with its answer. */
export const rememberedTurnSchema = z.object({ sessionId: z.string(), turnId: z.string() });
export type RememberedTurn = z.infer<typeof rememberedTurnSchema>;

/** Where some text stands, in words that a person and an editor both know. */
const place = {
  /** Absolute. */
  path: z.string(),
  /** As it is shown: relative to what was asked about, with `/`. */
  name: z.string(),
  /** Counted from one. Rows of the sheet in a workbook; lines of the extracted text in a document that has none. */
  startLine: z.number(),
  endLine: z.number(),
  /** In characters (Unicode code points) of the decoded file or of the extracted text, counted from zero. */
  start: z.number(),
  /** Behind the last character. */
  end: z.number(),
  /** Page, slide, chapter or cell of a notebook, counted from one; `null` in files without. */
  page: z.nullable(z.number()),
  /** The headings, the function, the sheet or the table header that it stands under; empty where there is none. */
  place: z.string(),
  /** The turn that the text is of; left out for text of a file. */
  turn: z.optional(rememberedTurnSchema),
};

/** A passage that an agent read. */
export const readPassageSchema = z.object({
  ...place,
  /** The number of each line, where they do not follow one another: rows of a sheet with blank ones between them. */
  lineNumbers: z.optional(z.array(z.number())),
  /** Names of other files, or of the same, that say the same at another place; left out where there are none. */
  copies: z.optional(z.array(z.string())),
  /** Under which the model was told it; counted from one in a turn. */
  number: z.number(),
  text: z.string(),
  /** Of the search that found it; 0 where everything was read. */
  score: z.number(),
  scores: z.optional(
    z.object({ text: z.nullable(z.number()), vector: z.nullable(z.number()), reranked: z.nullable(z.number()) }),
  ),
});
export type ReadPassage = z.infer<typeof readPassageSchema>;

/** Words of a file that support what an answer says. They were found there, letter by letter. */
export const citationSchema = z.object({
  ...place,
  /** Stands as `[1]` in the text of the block; counted from one in a block. */
  number: z.number(),
  /** The number of the passage. */
  passage: z.number(),
  /** As it stands in the file. */
  quote: z.string(),
});
export type Citation = z.infer<typeof citationSchema>;

/** Something that an answer says without support. Stands as `[?1]` in the text of the block. */
export const claimDoubtSchema = z.object({
  number: z.number(),
  /** The quoted words, or a name or figure of a cited sentence, stand in no passage that was read; or nothing was cited. */
  reason: z.enum(["not-in-passages", "not-cited"]),
  /** What was said to be quoted; empty where nothing was. */
  quote: z.string(),
});
export type ClaimDoubt = z.infer<typeof claimDoubtSchema>;
