import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import * as z from "zod/mini";
import { readRecordings } from "./recording.ts";
import { recordedModelName, startRecordedModel } from "./recorded-model.ts";
import { factsOf, missingFacts } from "./score.ts";
import { testPython } from "../process/test-python.ts";
import { tableVariants, writeVariant } from "./table-variants.ts";

/**
 * Replays recorded answers against the real pipeline and a real Python, and scores what comes out.
 *
 *     npm run eval [-- --questions FILE.jsonl] [--recordings FOLDER] [--json]
 *
 * A line of the questions file is `{"id", "question", "answer", "images"}`: the scalars of `answer` must all be stated, and so many images drawn.
 * Every question is asked about every form of the table for which there is a recording. Exit code 1 when the score is
 * below the baseline kept in `baseline.json`.
 */
const { values } = parseArgs({
  options: {
    questions: { type: "string", default: join(import.meta.dirname, "questions.jsonl") },
    recordings: { type: "string", default: join(import.meta.dirname, "recordings") },
    json: { type: "boolean", default: false },
  },
});

const questionSchema = z.object({
  id: z.string(),
  question: z.string(),
  answer: z.unknown(),
  images: z.optional(z.number()),
});
const resultSchema = z.object({ answer: z.string(), images: z.array(z.string()) });
const run = promisify(execFile);
const root = resolve(import.meta.dirname, "../..");
const python = testPython();
const folder = mkdtempSync(join(tmpdir(), "byzer-evals-"));
const questions = readFileSync(values.questions, "utf8")
  .trim()
  .split("\n")
  .map((line) => questionSchema.parse(JSON.parse(line)));
const recordings = readRecordings(values.recordings);
const rows: {
  readonly id: string;
  readonly variant: string;
  readonly right: boolean;
  readonly missing: readonly unknown[];
}[] = [];

// One question after the other: each starts a Python of its own.
/* oxlint-disable no-await-in-loop */
for (const variant of tableVariants) {
  const known = recordings.filter((recording) => recording.variant === variant);
  const path = writeVariant(folder, variant);
  const model = await startRecordedModel({ recordings: known, unknown: "This question was not recorded." });
  for (const { id, question, answer, images = 0 } of questions) {
    const misses = model.misses.length;
    const result = await ask(path, question, model.baseUrl);
    if (model.misses.length === misses) {
      const missing =
        "answer" in result
          ? [...missingFacts(result.answer, factsOf(answer)), ...missingImages(result.images, images)]
          : [result.error];
      rows.push({ id, variant, right: missing.length === 0, missing });
    }
  }

  await model.close();
}

/* oxlint-enable no-await-in-loop */
rmSync(folder, { recursive: true, force: true });
const right = rows.filter((row) => row.right).length;
const baseline = z
  .object({ right: z.number() })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, "baseline.json"), "utf8")));
if (values.json) {
  process.stdout.write(`${JSON.stringify({ right, of: rows.length, rows })}\n`);
} else {
  for (const row of rows) {
    process.stdout.write(
      `${row.right ? "right" : "WRONG"}  ${row.id}  ${row.variant}  ${row.right ? "" : JSON.stringify(row.missing)}\n`,
    );
  }

  process.stdout.write(`${right} of ${rows.length} right\n`);
}

process.exitCode = right < baseline.right || right < rows.length ? 1 : 0;

function missingImages(found: readonly string[], wanted: number): readonly string[] {
  return found.length >= wanted ? [] : [`${wanted - found.length} images`];
}

async function ask(
  path: string,
  question: string,
  baseUrl: string,
): Promise<z.infer<typeof resultSchema> | { readonly error: string }> {
  const sessions = join(folder, "sessions");
  const args = [
    join(root, "dist", "cli.mjs"),
    "analyze",
    path,
    "--question",
    question,
    "--yes",
    "--json",
    "--sessions",
    sessions,
    "--python",
    python,
    "--base-url",
    baseUrl,
    "--model",
    recordedModelName,
  ];
  try {
    const { stdout } = await run(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
    return resultSchema.parse(JSON.parse(stdout));
  } catch (error) {
    return { error: error instanceof Error ? error.message.slice(-500) : String(error) };
  }
}
