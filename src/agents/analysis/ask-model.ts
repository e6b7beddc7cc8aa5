import type { ReplyContext } from "../core/reply.ts";
import type { RecalledCall, Run } from "../core/run.ts";
import type { ChatModel, ModelEvent, ModelRequest } from "../ports/chat-model.ts";

/** Timers of Node count to 2^31 - 1 milliseconds. */
const longestTimerMs = 2_147_483_647;

/** What a model said in the end. */
export type Completion = Extract<ModelEvent, { type: "end" }>;

/** One call of a model on behalf of an agent. */
export interface ModelCall {
  readonly model: ChatModel;
  readonly request: ModelRequest;
  readonly agent: string;
  /** Sees the pieces as they come. */
  readonly onEvent?: (event: ModelEvent) => void;
}

/** Asks a model within a run: the budget is charged, the usage is shown. @throws AgentError `model.*`, `run.budget`. */
export async function askModel(run: Run, call: ModelCall): Promise<Completion> {
  const { model, agent } = call;
  const recalled = run.recall?.completion(agent);
  if (recalled !== undefined) {
    return tell(recalled, call);
  }

  run.budget.spendModelCall();
  const from = performance.now();
  const completion = await completeInTime(run, call);
  run.budget.spendTokens(completion.usage);
  const durationMs = Math.round(performance.now() - from);
  const { usage, repairs, text, toolCalls } = completion;
  const said = { text, toolCalls: [...toolCalls] };
  run.emit({ type: "model-call", agent, model: model.name, usage, durationMs, repairs: [...repairs], said });
  return completion;
}

/** What the model said in an earlier run; nobody is asked, and nothing is spent. */
function tell({ said, repairs }: RecalledCall, { onEvent }: ModelCall): Completion {
  const { text, toolCalls } = said;
  if (text !== "") {
    onEvent?.({ type: "text", text });
  }

  const finishReason = toolCalls.length > 0 ? "tool-calls" : "stop";
  const usage = { promptTokens: 0, completionTokens: 0, estimated: false };
  const completion: Completion = { type: "end", text, toolCalls, finishReason, usage, repairs };
  onEvent?.(completion);
  return completion;
}

/** A model that goes on for longer than the run may take is dropped. */
async function completeInTime(run: Run, { model, request, onEvent }: ModelCall): Promise<Completion> {
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(run.budget.timeIsUp()), Math.min(run.budget.timeLeftMs, longestTimerMs));
  try {
    for await (const event of model.complete(request, AbortSignal.any([run.signal, clock.signal]))) {
      onEvent?.(event);
      if (event.type === "end") {
        return event;
      }
    }
  } finally {
    clearTimeout(timer);
  }

  throw new Error(`${model.name} ended without an end event.`);
}

/**
 * Asks for one of a few things and reads the answer; asks once more where it cannot be read.
 *
 * @returns What was read and on which try, or `undefined` where neither answer could be read.
 */
export async function askForChoice<T>(
  context: Pick<ReplyContext, "run">,
  call: ModelCall,
  read: (text: string) => T | undefined,
): Promise<{ readonly value: T; readonly tries: 1 | 2 } | undefined> {
  const first = await askModel(context.run, call);
  const value = read(first.text);
  if (value !== undefined) {
    return { value, tries: 1 };
  }

  const again = {
    ...call.request,
    messages: [
      ...call.request.messages,
      { role: "assistant" as const, content: first.text },
      {
        role: "user" as const,
        content: "That could not be read. Reply again, in exactly the form that was asked for and with nothing else.",
      },
    ],
  };
  const second = read((await askModel(context.run, { ...call, request: again })).text);
  return second === undefined ? undefined : { value: second, tries: 2 };
}
