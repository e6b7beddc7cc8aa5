import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod/mini";
import { AnswerRecorder } from "../answer-recorder.ts";
import { type Answerer, startAskingModel } from "../asking/asking-model.ts";
import type { CatalogCase } from "./catalog-case.ts";
import { catalogCases } from "./catalog-cases.ts";
import { CatalogWorld, lacking } from "./catalog-world.ts";
import { answerText, faultsOf } from "./score-turn.ts";

/**
 * Asks the agents of the catalog, groups and hand-offs about small data with recorded answers of a model, and scores what
 * comes out: figures, the language, who spoke, what ran and with whose approval, and what is kept.
 *
 *     npm run eval -- catalog [--only TEXT] [--recordings FOLDER] [--json]
 *     npm run eval -- catalog --record --base-url URL --model NAME [--words WORDS] [--api-key-env NAME] [--jobs N]
 *
 * As in the eval of asking, an answer belongs to all that the model was told, and recording goes on where it was stopped.
 * What this machine cannot try is said and left out. Exit code 1 when a recording is stale or the score is below
 * `baseline.json`.
 */
const { values } = parseArgs({
  options: {
    record: { type: "boolean", default: false },
    "base-url": { type: "string", default: "" },
    model: { type: "string", default: "" },
    words: { type: "string" },
    "api-key-env": { type: "string", default: "" },
    jobs: { type: "string", default: "2" },
    only: { type: "string", default: "" },
    recordings: { type: "string", default: join(import.meta.dirname, "recordings") },
    json: { type: "boolean", default: false },
  },
});

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly status: "right" | "WRONG" | "STALE" | "not tried";
  readonly faults: readonly string[];
  readonly answers: readonly string[];
}

if (values.record && (values["base-url"] === "" || values.model === "")) {
  process.stderr.write("Name what is to be recorded: npm run eval -- catalog --record --base-url URL --model NAME\n");
  process.exit(1);
}

const cases = catalogCases.filter(({ id, kind }) => `${id} ${kind}`.includes(values.only));
const key = process.env[values["api-key-env"]] ?? "";
const recorder = new AnswerRecorder({
  folder: values.recordings,
  endpoint: values.record ? { baseUrl: values["base-url"], model: values.model, key } : null,
  words: values.words ?? values.model,
});
const answerers = new Map<string, Answerer>();
const model = await startAskingModel(answerers);
try {
  report(await askAll());
} finally {
  await model.close();
}

async function askAll(): Promise<readonly Row[]> {
  const rows = new Map<string, Row>();
  const waiting = [...cases];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      // One case after the other, in as many lines as there are jobs.
      // oxlint-disable-next-line no-await-in-loop
      const row = await tried(next);
      rows.set(next.id, row);
      recorder.finish(next.id, `${row.status} ${row.faults.join("; ")}`);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Number(values.jobs)) }, work));
  return cases.flatMap(({ id }) => rows.get(id) ?? []);
}

async function tried(one: CatalogCase): Promise<Row> {
  const { id, kind, turns } = one;
  const lack = lacking(one);
  if (lack !== null) {
    return { id, kind, status: "not tried", faults: [lack], answers: [] };
  }

  const world = new CatalogWorld(one);
  try {
    answerers.set(id, recorder.answerer(id, world));
    const asked = await world.ask(model.baseUrl(id));
    const faults = asked.flatMap((turn, index) =>
      faultsOf(turn, turns[index]?.check ?? {}).map((fault) =>
        turns.length === 1 ? fault : `(${index + 1}) ${fault}`,
      ),
    );
    const answers = asked.map(({ turn }) => answerText(turn));
    return recorder.staleOf(id) > 0
      ? { id, kind, status: "STALE", faults: ["asked in other words than recorded"], answers }
      : { id, kind, status: faults.length === 0 ? "right" : "WRONG", faults, answers };
  } finally {
    world.dispose();
  }
}

function report(rows: readonly Row[]): void {
  const of = (status: Row["status"]): number => rows.filter((row) => row.status === status).length;
  const [right, stale, left] = [of("right"), of("STALE"), of("not tried")];
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ right, of: rows.length, rows })}\n`);
  } else {
    const width = Math.max(...rows.map(({ id }) => id.length));
    const kinds = Math.max(...rows.map(({ kind }) => kind.length));
    for (const { id, kind, status, faults } of rows) {
      const cells = [status.padEnd(9), id.padEnd(width), kind.padEnd(kinds), faults.join("; ")];
      process.stdout.write(`${cells.join("  ").trimEnd()}\n`);
    }

    process.stdout.write(`${right} of ${rows.length} right${left === 0 ? "" : `, ${left} not tried`}\n`);
  }

  if (stale > 0) {
    process.stderr.write(
      `${stale} recordings are stale: a prompt or the data has changed since, so no answer is known. Record them again: npm run eval -- catalog --record --base-url URL --model NAME\n`,
    );
  }

  const baseline = z
    .object({ right: z.number() })
    .parse(JSON.parse(readFileSync(join(import.meta.dirname, "baseline.json"), "utf8")));
  const least = values.only === "" ? baseline.right - left : rows.length - left;
  process.exitCode = stale > 0 || right < least ? 1 : 0;
}
