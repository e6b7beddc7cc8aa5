import { AgentError, messageOf } from "../base/errors.ts";
import type { Run } from "../core/run.ts";
import { withinTime } from "../core/within-time.ts";
import type { ModelToolCall } from "../ports/chat-model.ts";
import type { ToolApprovalRequest, ToolApprovals } from "../ports/tool.ts";
import { type OfferedTool, type ToolOutcome, result } from "./offered-tool.ts";
import { readToolInput } from "./tool-input.ts";

/** Characters of a result that a model reads, and that the session keeps. */
const longestResult = 50_000;
const longestKept = 10_000;

export interface ToolDeskParts {
  readonly agent: string;
  readonly run: Run;
  readonly approvals: ToolApprovals;
  readonly turnId: () => string;
}

/** Runs the calls of tools that an agent makes: reads the input, asks the person where the tool acts, shows what comes. */
export class ToolDesk {
  readonly #parts: ToolDeskParts;

  constructor(parts: ToolDeskParts) {
    this.#parts = parts;
  }

  /** What a tool finds wrong is a result for the model. @throws what ends the answer: a stop, a spent budget. */
  async call(offered: readonly OfferedTool[], call: ModelToolCall): Promise<ToolOutcome> {
    const found = offered.find(({ tool, called }) => tool.name === call.name || called === call.name);
    if (found === undefined) {
      return result(unknownTool(call.name, offered), true);
    }

    const input = await readToolInput(found.tool, call.arguments);
    if ("mistake" in input) {
      return result(input.mistake, true);
    }

    return found.isShown ? await this.#runShown(found, call, input.value) : await this.#run(found, input.value);
  }

  async #runShown(offered: OfferedTool, call: ModelToolCall, input: unknown): Promise<ToolOutcome> {
    const { agent, run } = this.#parts;
    const callId = crypto.randomUUID();
    const { origin } = offered;
    const shown = { tool: nameOf(offered), input: cut(call.arguments, longestKept) };
    const recalled = run.recall?.toolResult(shown);
    if (recalled !== undefined) {
      return result(recalled.text, recalled.failed);
    }

    run.emit({ type: "tool-call", callId, agent, origin, ...shown });
    const from = performance.now();
    const isAllowed = offered.effect !== "acts" || (await this.#isAllowed(callId, offered, call));
    const outcome = isAllowed
      ? await this.#run(offered, input)
      : result("The user does not allow this call. Go on without it.", true);
    const { failed, text } = outcome.kind === "result" ? outcome : { failed: false, text: "" };
    const durationMs = isAllowed ? Math.round(performance.now() - from) : 0;
    run.emit({ type: "tool-end", callId, failed, text: cut(text, longestKept), durationMs });
    return outcome;
  }

  async #isAllowed(callId: string, offered: OfferedTool, call: ModelToolCall): Promise<boolean> {
    const { agent, run, approvals, turnId } = this.#parts;
    const { origin } = offered;
    const tool = nameOf(offered);
    const request: ToolApprovalRequest = {
      turnId: turnId(),
      callId,
      tool,
      origin,
      agent,
      input: call.arguments,
    };
    if (approvals.granted(request)) {
      run.emit({ type: "tool-approval-answer", callId, decision: "session", how: "granted" });
      return true;
    }

    run.emit({ type: "progress", agent, activity: "waiting", detail: tool });
    run.emit({ type: "tool-approval-request", callId });
    const decision = await run.budget.offTheClock(() => approvals.ask(request, run.signal));
    run.signal.throwIfAborted();
    run.emit({ type: "tool-approval-answer", callId, decision, how: "person" });
    run.emit({ type: "progress", agent, activity: "thinking", detail: "" });
    return decision !== "deny";
  }

  async #run(offered: OfferedTool, input: unknown): Promise<ToolOutcome> {
    const { run, agent } = this.#parts;
    try {
      const outcome = await withinTime(run, (timed) => offered.run(input, timed.signal));
      return outcome.kind === "result" ? { ...outcome, text: cut(outcome.text, longestResult) } : outcome;
    } catch (error) {
      run.signal.throwIfAborted();
      if (endsAll(error, agent)) {
        throw error;
      }

      return result(messageOf(error), true);
    }
  }
}

/** What another agent may spend on one message is its own affair; what the whole question may spend is everyone's. */
function endsAll(error: unknown, self: string): boolean {
  if (AgentError.is(error, "run.budget")) {
    return error.details.agent === undefined || error.details.agent === self;
  }

  return AgentError.is(error, "approval.needed") || AgentError.is(error, "agent.no-human");
}

/** What people call it. */
function nameOf({ tool, called }: OfferedTool): string {
  return called ?? tool.name;
}

function unknownTool(name: string, offered: readonly OfferedTool[]): string {
  const names = offered.map(({ tool }) => tool.name).join(", ");
  const what = name === "" ? "The call could not be read." : `There is no tool called ${name}.`;
  return names === "" ? `${what} You have no tools.` : `${what} Your tools: ${names}.`;
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}\n… (${text.length - most} more characters)` : text;
}
