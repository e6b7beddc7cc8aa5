import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";

const documentSchema = z.object({ _id: z.string(), title: z.optional(z.string()), text: z.string() });
const querySchema = z.object({
  _id: z.string(),
  text: z.string(),
  corpus_id: z.optional(z.string()),
  spans: z.optional(z.array(z.tuple([z.number(), z.number()]))),
});

/** A question, and where its answer stands: in documents, or in stretches of one. */
export interface EvalQuery {
  readonly id: string;
  readonly text: string;
  /** Documents with how much each says to the question. */
  readonly relevant: ReadonlyMap<string, number>;
  /** Stretches of the document `inDocument`, in characters. */
  readonly spans: readonly (readonly [start: number, end: number])[];
  readonly inDocument: string | null;
}

/** A corpus as files, and its questions. */
export interface EvalCorpus {
  /** Documents by the names of their files. */
  readonly documents: ReadonlyMap<string, string>;
  /** Characters that stand before the text of a document in its file. */
  readonly headLengths: ReadonlyMap<string, number>;
  readonly queries: readonly EvalQuery[];
}

function readLines<T>(file: string, parse: (value: unknown) => T): readonly T[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => parse(JSON.parse(line)));
}

function readJudgements(file: string): Map<string, Map<string, number>> {
  const found = new Map<string, Map<string, number>>();
  for (const line of readFileSync(file, "utf8").trim().split("\n").slice(1)) {
    const [query = "", document = "", score = "0"] = line.split("\t");
    found.set(query, (found.get(query) ?? new Map<string, number>()).set(document, Number(score)));
  }
  return found;
}

/**
 * Reads a corpus in the form of BEIR (`corpus.jsonl`, `queries.jsonl`, `qrels.tsv`) and writes each document as a file
 * `ID.extension` into `folder`.
 */
export function layOutCorpus(source: string, folder: string, extension: string): EvalCorpus {
  mkdirSync(folder, { recursive: true });
  const documents = new Map<string, string>();
  const headLengths = new Map<string, number>();
  for (const { _id, title = "", text } of readLines(join(source, "corpus.jsonl"), (line) =>
    documentSchema.parse(line),
  )) {
    const name = `${_id.replace(/[^\w.-]+/g, "_")}.${extension}`;
    const head = title === "" ? "" : `${extension === "md" ? "# " : ""}${title}\n\n`;
    documents.set(name, _id);
    headLengths.set(_id, Array.from(head).length);
    writeFileSync(join(folder, name), head + text);
  }
  const judgements = readJudgements(join(source, "qrels.tsv"));
  const queries = readLines(join(source, "queries.jsonl"), (line) => querySchema.parse(line)).map(
    (query): EvalQuery => {
      const { text, spans = [], corpus_id: inDocument = null } = query;
      // oxlint-disable-next-line no-underscore-dangle -- the form of BEIR
      const id = query._id;
      return { id, text, relevant: judgements.get(id) ?? new Map<string, number>(), spans, inDocument };
    },
  );
  return { documents, headLengths, queries };
}
