import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod/mini";
import { CorpusAsker, type TurnResult } from "./ask-corpus.ts";
import { AnswerRecorder } from "../answer-recorder.ts";
import { type AskingModel, startAskingModel } from "./asking-model.ts";
import { layOutDocuments } from "./corpus-documents.ts";
import { type Conversation, readConversations } from "./question.ts";
import { faultsOf } from "./score-answer.ts";

/**
 * Asks the product about a small corpus of files with recorded answers of a model, and scores what comes out: what is
 * said or refused, each citation against the file, and that nothing right is doubted.
 *
 *     npm run eval -- asking [--only TEXT] [--recordings FOLDER] [--json]
 *     npm run eval -- asking --record --base-url URL --model NAME [--words WORDS] [--api-key-env NAME] [--jobs N]
 *
 * An answer belongs to all that the model was told, so that a recording is stale once a prompt, the corpus or the search
 * has changed. Recording asks the endpoint only for what has no answer yet, and goes on where it was stopped. `--words`
 * says what answers. Exit code 1 when a recording is stale or the score is below `baseline.json`.
 */
const { values } = parseArgs({
  options: {
    record: { type: "boolean", default: false },
    "base-url": { type: "string", default: "" },
    model: { type: "string", default: "" },
    words: { type: "string" },
    "api-key-env": { type: "string", default: "" },
    jobs: { type: "string", default: "4" },
    only: { type: "string", default: "" },
    recordings: { type: "string", default: join(import.meta.dirname, "recordings") },
    json: { type: "boolean", default: false },
  },
});

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly status: "right" | "WRONG" | "STALE";
  readonly citations: number;
  readonly faults: readonly string[];
  readonly answers: readonly string[];
}

if (values.record && (values["base-url"] === "" || values.model === "")) {
  process.stderr.write("Name what is to be recorded: npm run eval -- asking --record --base-url URL --model NAME\n");
  process.exit(1);
}

const conversations = readConversations(join(import.meta.dirname, "questions.jsonl")).filter(({ id }) =>
  id.includes(values.only),
);
const folder = realpathSync(mkdtempSync(join(tmpdir(), "byzer-asking-")));
const corpus = join(folder, "corpus");
mkdirSync(corpus);
const documents = layOutDocuments(corpus);
const key = process.env[values["api-key-env"]] ?? "";
const recorder = new AnswerRecorder({
  folder: values.recordings,
  endpoint: values.record ? { baseUrl: values["base-url"], model: values.model, key } : null,
  words: values.words ?? values.model,
});
const asker = new CorpusAsker({ corpus, folder, programs: resolve(import.meta.dirname, "../../../dist") });
const model = await startAskingModel(new Map(conversations.map(({ id }) => [id, recorder.answerer(id)])));
try {
  const rows = await askAll(model);
  report(rows);
} finally {
  await asker.dispose();
  await model.close();
  rmSync(folder, { recursive: true, force: true });
}

async function askAll(answering: AskingModel): Promise<readonly Row[]> {
  const rows = new Map<string, Row>();
  const waiting = [...conversations];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      // One conversation after the other, in as many lines as there are jobs.
      // oxlint-disable-next-line no-await-in-loop
      const row = rowOf(next, await asker.ask(next, answering.baseUrl(next.id)));
      rows.set(next.id, row);
      recorder.finish(next.id, row.status);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Number(values.jobs)) }, work));
  return conversations.flatMap(({ id }) => rows.get(id) ?? []);
}

function rowOf({ id, kind, turns }: Conversation, results: readonly TurnResult[]): Row {
  const faults = turns.flatMap((turn, index) => {
    const result = results[index] ?? { problem: "was not asked" };
    const found = "problem" in result ? [result.problem] : faultsOf(result.answer, turn, documents);
    return turns.length === 1 ? found : found.map((fault) => `(${index + 1}) ${fault}`);
  });
  const answers = results.map((result) => ("problem" in result ? "" : result.answer.text));
  const citations = results.reduce((sum, one) => sum + ("problem" in one ? 0 : one.answer.citations.length), 0);
  const stale = recorder.staleOf(id);
  const status = stale > 0 ? "STALE" : faults.length === 0 ? "right" : "WRONG";
  return { id, kind, status, citations, faults: stale > 0 ? ["asked in other words than recorded"] : faults, answers };
}

function report(rows: readonly Row[]): void {
  const of = (status: Row["status"]): readonly Row[] => rows.filter((row) => row.status === status);
  const [right, stale] = [of("right").length, of("STALE").length];
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ right, of: rows.length, rows })}\n`);
  } else {
    const width = Math.max(...rows.map(({ id }) => id.length));
    const kinds = Math.max(...rows.map(({ kind }) => kind.length));
    for (const { id, kind, status, citations, faults } of rows) {
      const cells = [
        status,
        id.padEnd(width),
        kind.padEnd(kinds),
        `${citations} citations`.padEnd(12),
        faults.join("; "),
      ];
      process.stdout.write(`${cells.join("  ").trimEnd()}\n`);
    }

    const cited = rows.reduce((sum, row) => sum + row.citations, 0);
    process.stdout.write(`${right} of ${rows.length} right, ${cited} citations\n`);
  }

  if (stale > 0) {
    process.stderr.write(
      `${stale} recordings are stale: a prompt, the corpus or the search has changed since, so no answer is known. Record them again: npm run eval -- asking --record --base-url URL --model NAME\n`,
    );
  }

  const baseline = z
    .object({ right: z.number() })
    .parse(JSON.parse(readFileSync(join(import.meta.dirname, "baseline.json"), "utf8")));
  const least = values.only === "" ? baseline.right : rows.length;
  process.exitCode = stale > 0 || right < least ? 1 : 0;
}
