import * as z from "zod/mini";
import { nearestName } from "../sql/nearest-name.ts";
import { agentName } from "../directory/original-names.ts";
import type { Step } from "./ask-step.ts";
import { jsonIn } from "./json-in.ts";

const stepSchema = z.object({
  agent: z.string(),
  task: z.optional(z.string()),
  question: z.optional(z.string()),
});
const planSchema = z.object({ steps: z.optional(z.array(stepSchema)), questions: z.optional(z.array(stepSchema)) });

/** The steps in a model's reply; `undefined` where it has none that can be read, or names an agent that is not there. */
export function readSteps(text: string, agents: readonly string[], most: number): readonly Step[] | undefined {
  const plan = planSchema.safeParse(jsonIn(text)).data;
  const given = plan?.steps ?? plan?.questions;
  if (given === undefined) {
    return undefined;
  }

  const steps = given.map((step) => {
    const agent = knownAgent(step.agent, agents);
    const task = (step.task ?? step.question ?? "").trim();
    return agent === undefined || task === "" ? undefined : { agent, task };
  });
  return steps.includes(undefined) ? undefined : steps.filter((step) => step !== undefined).slice(0, most);
}

function knownAgent(name: string, agents: readonly string[]): string | undefined {
  const wanted = agentName(name.trim().replace(/^@/u, ""));
  return agents.includes(wanted) ? wanted : nearestName(wanted, agents);
}
