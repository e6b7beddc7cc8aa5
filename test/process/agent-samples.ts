import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** One sample of the documentation: a block whose first line names its language and its file. */
export interface Sample {
  readonly language: string;
  /** Empty where it names none. */
  readonly name: string;
  readonly text: string;
}

/** Every block of code in the documentation of agents, in order. */
export function agentSamples(): readonly Sample[] {
  const text = readFileSync(resolve("docs", "agents.md"), "utf8");
  return [...text.matchAll(/^( *)(`{3,})([a-z]+)(?: (\S+))?\n([^]*?)^\1\2$/gmu)].map(
    ([, indent = "", , language = "", name = "", body = ""]) => {
      return { language, name, text: body.replaceAll(new RegExp(`^${indent}`, "gmu"), "") };
    },
  );
}

/** The sample of that file. */
export function sampleOf(name: string): string {
  const sample = agentSamples().find((each) => each.name === name);
  if (sample === undefined) {
    throw new Error(`docs/agents.md has no sample ${name}.`);
  }
  return sample.text;
}
