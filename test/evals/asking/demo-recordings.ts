import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Recording } from "../recording.ts";
import { readAskingRecording } from "./asking-recording.ts";

/** All recorded answers about files, known by the question alone: a demo plays them whatever else was told. */
export function demoRecordings(folder: string): readonly Recording[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return names.toSorted().flatMap((name) => {
    const { model, calls } = readAskingRecording(join(folder, name)) ?? { model: "", calls: [] };
    const hashes = [...new Set(calls.map(({ questionHash }) => questionHash))];
    return hashes.map((questionHash) => ({
      questionHash,
      variant: "asking",
      model,
      calls: calls
        .filter((call) => call.questionHash === questionHash)
        .map(({ ordinal, answer }) => ({ stage: "author" as const, ordinal, answer })),
    }));
  });
}
