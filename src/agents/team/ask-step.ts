import { answeringAgents } from "../analysis/agent-names.ts";
import { AgentError } from "../base/errors.ts";
import { dataAnalysisPipeline } from "../catalog/data-analysis-pipeline.ts";
import { loadDataAgent } from "../catalog/load-data-agent.ts";
import { retrievalAgent } from "../catalog/retrieval-agent.ts";
import { forPerson, onTheWay } from "../conversing/speech.ts";
import type { AgentCard } from "../core/agent-card.ts";
import type { Metadata, ReplyContext } from "../core/reply.ts";
import type { Message } from "../protocol/message.ts";

/** An agent that steps may be given to. */
export interface StepAgent extends Pick<AgentCard, "name" | "purpose"> {
  /** Belongs to a group that can be given the step: offered only where the task names it. */
  readonly isMember?: boolean;
}

/** One thing that another agent is to do. */
export interface Step {
  readonly agent: string;
  readonly task: string;
}

/** A step that was done, or failed. `isOver`: the person does not want it to go on. */
export interface StepResult extends Step {
  readonly result: string;
  readonly failed: boolean;
  readonly isOver: boolean;
}

const longestResult = 6_000;

/** Gives a step to its agent, with what came of the steps before it. Its words are shown as steps on the way. */
export async function askStep(
  context: ReplyContext,
  step: Step,
  before: readonly StepResult[],
  isLast = false,
): Promise<StepResult> {
  try {
    const reply = await ask(context, step.agent, taskWith(step, before), isLast ? {} : onTheWay);
    const isOver = reply?.metadata["terminate"] === true;
    const result = resultOf(step, reply?.content ?? "");
    return { ...step, result: result || "It had nothing to say.", failed: result === "" || isOver, isOver };
  } catch (error) {
    context.run.signal.throwIfAborted();
    if (AgentError.is(error, "run.budget") || !(error instanceof AgentError)) {
      throw error;
    }

    return { ...step, result: error.message, failed: true, isOver: false };
  }
}

/** Results name files, too, and are no wish of the person's: what is to be loaded stands in the task. */
function taskWith({ agent, task }: Step, before: readonly StepResult[]): string {
  const isAlone = before.length === 0 || agent === loadDataAgent.name;
  return isAlone ? task : `${task}\n\nResults so far:\n${resultsText(before)}`;
}

/** The marks of citations stand for nothing in an answer that is joined from several. */
function resultOf({ agent }: Step, text: string): string {
  if (agent !== retrievalAgent.name) {
    return text;
  }

  return text.replaceAll(/ \[\d{1,3}\](?=[\s.,;:!?。，；：！？)）]|$)/gu, "");
}

/** Agents of tables and of passages are briefed by the coordinator, which knows the session. */
function ask(context: ReplyContext, agent: string, task: string, interim: Metadata): Promise<Message | undefined> {
  return answeringAgents.some(({ name }) => name === agent)
    ? context.ask(dataAnalysisPipeline.name, task, { metadata: { agent, ...interim } })
    : context.ask(agent, task, { metadata: { ...forPerson, ...interim } });
}

/** What came of steps, for a model. */
export function resultsText(results: readonly StepResult[]): string {
  return results
    .map(({ agent, task, result, failed }, index) => {
      const cut = result.length > longestResult ? `${result.slice(0, longestResult)} …` : result;
      return `${index + 1}. ${agent}, asked: ${task}\n${failed ? "It failed: " : "Its answer: "}${cut}`;
    })
    .join("\n\n");
}

/** The agents, one a line, for a model. */
export function agentList(agents: readonly StepAgent[]): string {
  return agents.map(({ name, purpose }) => `- ${name}: ${purpose}`).join("\n");
}

/** The steps, one a line, for a person. */
export function stepList(steps: readonly Step[], from = 1): string {
  return steps.map(({ agent, task }, index) => `${from + index}. ${task} → \`${agent}\``).join("\n");
}
