import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod/mini";
import { type EmbeddingServer, startEmbeddingServer } from "./embedding-server.ts";
import { type EvalCorpus, type EvalQuery, layOutCorpus } from "./retrieval-corpus.ts";
import { coverage, gain, recall } from "./retrieval-score.ts";

/**
 * Scores the search of the built command line on corpora whose answers are known by their place: by text alone, and with
 * `--embeddings` also by text and a real embedding model, which must never be worse.
 *
 *     npm run eval -- retrieval --data FOLDER [--embeddings] [--json]
 *
 * FOLDER (else `BYZER_RETRIEVAL_DATA`) has a folder in the form of BEIR for each corpus; those that are not there are
 * passed over. Exit code 1 when a score is below its bound, or when there is nothing to score.
 */
const { values } = parseArgs({
  options: {
    data: { type: "string" },
    embeddings: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

interface Measure {
  readonly corpus: string;
  readonly extension: string;
  readonly measure: "nDCG@10" | "recall@5" | "character recall@5";
  readonly bound: number;
  /** With embeddings; as good as by text alone where left out. */
  readonly hybridBound?: number;
}

const measures: readonly Measure[] = [
  { corpus: "xquad-en", extension: "txt", measure: "nDCG@10", bound: 0.97 },
  { corpus: "xquad-zh", extension: "txt", measure: "nDCG@10", bound: 0.97 },
  { corpus: "anthropic-code-chunks", extension: "py", measure: "recall@5", bound: 0.8, hybridBound: 0.85 },
  { corpus: "chunking-eval", extension: "md", measure: "character recall@5", bound: 0.9 },
  { corpus: "xquad-en2zh", extension: "txt", measure: "nDCG@10", bound: 0 },
];

const resultSchema = z.object({
  _id: z.string(),
  results: z.array(z.object({ path: z.string(), start: z.number(), end: z.number() })),
});
type Found = z.infer<typeof resultSchema>["results"];

interface Score {
  readonly score: number;
  /** Only where the answers are stretches of text. */
  readonly precision: number | null;
}

interface Row extends Measure, Score {
  readonly hybrid: Score | null;
}

const program = resolve(import.meta.dirname, "../../dist/cli.mjs");
const data = values.data ?? process.env["BYZER_RETRIEVAL_DATA"];
const folder = mkdtempSync(join(tmpdir(), "byzer-eval-"));
const server = values.embeddings ? await startEmbeddingServer() : null;
try {
  const present = measures.filter(({ corpus }) => data !== undefined && existsSync(join(data, corpus)));
  const rows = present.map((item): Row => {
    const source = join(data ?? "", item.corpus);
    const hybrid = server === null ? null : scoreCorpus(item, source, server);
    return { ...item, ...scoreCorpus(item, source, null), hybrid };
  });
  rows.forEach((row) => process.stderr.write(`${describe(row)}\n`));
  if (rows.length === 0) {
    process.stderr.write("Name the folder of the corpora: npm run eval -- retrieval --data FOLDER\n");
  }
  if (values.json) {
    process.stdout.write(`${JSON.stringify(rows)}\n`);
  }
  process.exitCode = rows.length > 0 && rows.every(isGood) ? 0 : 1;
} finally {
  server?.stop();
  rmSync(folder, { recursive: true, force: true });
}

function isGood({ score, bound, hybrid, hybridBound = 0 }: Row): boolean {
  return score >= bound && (hybrid === null || hybrid.score >= Math.max(score, hybridBound));
}

function describe(row: Row): string {
  const { corpus, measure, score, bound, precision, hybrid, hybridBound = 0 } = row;
  const also = precision === null ? "" : `, precision ${precision.toFixed(4)}`;
  const least = Math.max(score, hybridBound).toFixed(4);
  const more = hybrid === null ? "" : `; with embeddings ${hybrid.score.toFixed(4)} (bound ${least})`;
  return `${isGood(row) ? "ok  " : "FAIL"} ${corpus} ${measure}: ${score.toFixed(4)} (bound ${bound}${also})${more}`;
}

function scoreCorpus(
  { corpus: name, extension, measure }: Measure,
  source: string,
  embedding: EmbeddingServer | null,
): Score {
  const files = join(folder, name);
  const corpus = layOutCorpus(source, files, extension);
  const found = search({ files, top: measure === "character recall@5" ? 5 : 20, embedding }, corpus.queries);
  const scores = corpus.queries.map((query) => scoreQuery(corpus, query, found.get(query.id) ?? [], measure));
  const mean = (each: (score: Score) => number): number =>
    scores.reduce((sum, score) => sum + each(score), 0) / scores.length;
  const hasPrecision = measure === "character recall@5";
  return {
    score: mean(({ score }) => score),
    precision: hasPrecision ? mean(({ precision }) => precision ?? 0) : null,
  };
}

interface Search {
  readonly files: string;
  readonly top: number;
  readonly embedding: EmbeddingServer | null;
}

function search({ files, top, embedding }: Search, queries: readonly EvalQuery[]): ReadonlyMap<string, Found> {
  const list = `${files}.jsonl`;
  writeFileSync(list, queries.map(({ id, text }) => `${JSON.stringify({ _id: id, text })}\n`).join(""));
  const embedded =
    embedding === null ? [] : ["--embedding-model", embedding.model, "--embedding-base-url", embedding.baseUrl];
  const index = ["--index", join(folder, "index"), ...embedded];
  const args = [program, "search", files, "--queries", list, "--top", String(top), ...index];
  const out = execFileSync(process.execPath, args, {
    encoding: "utf8",
    maxBuffer: 1024 ** 3,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = out.trim().split("\n");
  return new Map(lines.map((line) => resultSchema.parse(JSON.parse(line))).map(({ _id, results }) => [_id, results]));
}

function scoreQuery(corpus: EvalCorpus, query: EvalQuery, found: Found, measure: Measure["measure"]): Score {
  const documentOf = (path: string): string => corpus.documents.get(path) ?? path;
  if (measure !== "character recall@5") {
    const documents = [...new Set(found.map(({ path }) => documentOf(path)))];
    const score = measure === "nDCG@10" ? gain(documents, query.relevant) : recall(documents, query.relevant, 5);
    return { score, precision: null };
  }
  const inDocument = found.filter(({ path }) => documentOf(path) === query.inDocument);
  const head = corpus.headLengths.get(query.inDocument ?? "") ?? 0;
  const spans = inDocument.map(({ start, end }) => [start - head, end - head] as const);
  const others = found.filter((item) => !inDocument.includes(item));
  const otherLength = others.reduce((sum, { start, end }) => sum + end - start, 0);
  const covered = coverage(spans, query.spans, otherLength);
  return { score: covered.recall, precision: covered.precision };
}
