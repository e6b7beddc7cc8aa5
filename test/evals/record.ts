import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod/mini";
import { type RecordedAnswer, type Recording, pathPlaceholder, questionHash } from "./recording.ts";
import { placeOf } from "./request-place.ts";

const answerFileSchema = z.object({
  content: z.optional(z.string()),
  tool_calls: z.optional(z.array(z.object({ name: z.string(), arguments: z.unknown() }))),
});

/**
 * Makes a recording of one question out of a folder of request and answer files (`0001.request.json` with
 * `0001.answer.json` or `0001.answer.md`).
 *
 *     node test/evals/record.ts --calls FOLDER --question Q --variant NAME --model WORDS --out FOLDER [--first N --last N]
 */
const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "" },
    question: { type: "string", default: "" },
    variant: { type: "string", default: "" },
    model: { type: "string", default: "" },
    out: { type: "string", default: "test/evals/recordings" },
    first: { type: "string", default: "1" },
    last: { type: "string", default: "9999" },
  },
});

const hash = questionHash(values.question);
const calls = new Map<string, Recording["calls"][number]>();
for (const name of readdirSync(values.calls)
  .filter((file) => file.endsWith(".request.json"))
  .toSorted()) {
  const number = name.slice(0, 4);
  const answer = readAnswer(join(values.calls, number));
  const {
    stage,
    ordinal,
    path: filePath,
    ...place
  } = placeOf(JSON.parse(readFileSync(join(values.calls, name), "utf8")));
  if (
    answer !== undefined &&
    place.questionHash === hash &&
    Number(number) >= Number(values.first) &&
    Number(number) <= Number(values.last)
  ) {
    calls.set(`${stage} ${ordinal}`, { stage, ordinal, answer: withoutPath(answer, filePath) });
  }
}

const recording: Recording = {
  questionHash: hash,
  variant: values.variant,
  model: values.model,
  calls: [...calls.values()],
};
mkdirSync(values.out, { recursive: true });
const target = join(values.out, `${hash}-${values.variant}.json`);
writeFileSync(target, `${JSON.stringify(recording, null, 2)}\n`);
process.stdout.write(`${target}: ${recording.calls.length} calls\n`);

function readAnswer(base: string): RecordedAnswer | undefined {
  if (existsSync(`${base}.answer.md`)) {
    return { content: readFileSync(`${base}.answer.md`, "utf8"), toolCalls: [] };
  }

  if (!existsSync(`${base}.answer.json`)) {
    return undefined;
  }

  const { content = "", tool_calls: toolCalls = [] } = answerFileSchema.parse(
    JSON.parse(readFileSync(`${base}.answer.json`, "utf8")),
  );
  return {
    content,
    toolCalls: toolCalls.map((call) => ({
      name: call.name,
      arguments: typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments),
    })),
  };
}

function withoutPath({ content, toolCalls }: RecordedAnswer, path: string): RecordedAnswer {
  const replace = (text: string) => (path === "" ? text : text.replaceAll(path, pathPlaceholder));
  return {
    content: replace(content),
    toolCalls: toolCalls.map((call) => ({ ...call, arguments: replace(call.arguments) })),
  };
}
