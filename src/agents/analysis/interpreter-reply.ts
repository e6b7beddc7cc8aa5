import { AgentError } from "../base/errors.ts";
import { codeReviewAgent } from "../catalog/code-review-agent.ts";
import { pythonInterpreter } from "../catalog/python-interpreter.ts";
import { type Reply, type ReplyContext, type ReplyFunction, answer, pass } from "../core/reply.ts";
import type { ApprovalRequest, Approvals } from "../ports/approvals.ts";
import type { CellResult, CodeInspection, HeldBy, Interpreter, InterpreterInfo } from "../ports/interpreter.ts";
import type { CellOutput, CellStatus, CodeEffect } from "../protocol/cell-output.ts";
import { cellReport } from "./cell-report.ts";
import { type CodeReach, type SessionGround, codeReach, effectReach } from "./code-reach.ts";
import { placeForReview } from "./place-words.ts";
import { type PackageOfferParts, PackageOffers } from "./packages/package-offers.ts";
import { sandboxNotes } from "./sandbox-words.ts";

/** What running code needs from the session. */
export interface InterpreterParts extends PackageOfferParts {
  readonly approvals: Approvals;
  readonly nextCellNumber: () => number;
  /** What code may read under a grant. */
  readonly ground: () => SessionGround;
  /** Review all code, not only what does more than compute. */
  readonly reviewAll: () => boolean;
  /** Milliseconds; 0 for none. */
  readonly timeLimitMs: () => number;
  /**
   * What has become of the files since they were profiled, and where Python was found to read them otherwise, in plain
   * words; empty when there is nothing to say. What was found is said once.
   */
  readonly fileChanges: () => Promise<readonly string[]>;
}

const mostFilesTold = 50;

/** The reply function of `python_interpreter`: inspects, has reviewed, asks the person, runs, reports. */
export function interpreterReply(parts: InterpreterParts): ReplyFunction {
  const memory: CellMemory = { hasEarlierCells: undefined };
  return {
    name: "run-code",
    trigger: (message) => typeof message.metadata["code"] === "string",
    reply: async (context) => {
      const code = context.message.metadata["code"];
      return typeof code === "string" ? new CellRun(parts, memory, context, code).reply() : pass;
    },
  };
}

/** What is known of the cells before. */
interface CellMemory {
  /** Whether the session had cells before this process opened it. */
  hasEarlierCells: boolean | undefined;
}

/** One cell on its way through inspection, review, approval and Python. */
class CellRun {
  readonly #parts: InterpreterParts;
  readonly #memory: CellMemory;
  readonly #context: ReplyContext;
  readonly #cellId: string;
  #number = 0;
  readonly #outputs: CellOutput[] = [];
  #code: string;
  #sandbox: HeldBy = { mode: "off", folders: [] };
  #place: Pick<InterpreterInfo, "place" | "node" | "bringsFiles"> = { place: "process" };

  constructor(parts: InterpreterParts, memory: CellMemory, context: ReplyContext, code: string) {
    this.#parts = parts;
    this.#memory = memory;
    this.#context = context;
    this.#code = code;
    const { cellId } = context.message.metadata;
    this.#cellId = typeof cellId === "string" ? cellId : crypto.randomUUID();
  }

  async reply(): Promise<Reply> {
    const { run, message } = this.#context;
    const interpreter = await this.#parts.python.interpreter(run.signal);
    const inspection = await interpreter.inspect(this.#code);
    const repair = Number(message.metadata["repair"] ?? 0);
    const number = this.#parts.nextCellNumber();
    this.#number = number;
    this.#memory.hasEarlierCells ??= number > 1;
    run.emit({
      type: "cell-start",
      cellId: this.#cellId,
      number,
      agent: message.from,
      code: this.#code,
      repair,
      effects: [...inspection.effects],
    });
    this.#sandbox = interpreter.info.sandbox;
    this.#place = interpreter.info;
    const refusal = await this.#refusal(interpreter, inspection);
    if (refusal !== undefined) {
      return refusal;
    }

    // Python may have ended while the person read the code.
    const offers = new PackageOffers(this.#parts, run, this.#cellId);
    const result = await this.#runComplete(offers);
    const notes = await this.#parts.fileChanges();
    return this.#report(result, [
      ...this.#lostVariables(),
      ...sandboxNotes(this.#sandbox, this.#outputs),
      ...offers.notes,
      ...notes,
    ]);
  }

  /** Runs the cell; again where it lacked a package that the person has had installed. */
  async #runComplete(offers: PackageOffers): Promise<CellResult> {
    const interpreter = await this.#parts.python.interpreter(this.#context.run.signal);
    const result = await this.#run(interpreter);
    if (result.status !== "error" || !(await offers.mend(this.#outputs))) {
      return result;
    }

    this.#outputs.length = 0;
    return this.#runComplete(offers);
  }

  #lostVariables(): readonly string[] {
    const { python } = this.#parts;
    const before = python.noteCell();
    const isFresh = before === undefined ? this.#memory.hasEarlierCells === true : before !== python.generation;
    return isFresh ? ["A new Python was started for this cell; earlier variables were lost."] : [];
  }

  /** The reply where the code is not to run; `undefined` where it is. */
  async #refusal(interpreter: Interpreter, inspection: CodeInspection): Promise<Reply | undefined> {
    const { syntaxError, effects } = inspection;
    if (syntaxError !== null) {
      const traceback = `line ${syntaxError.line}: SyntaxError: ${syntaxError.message}`;
      this.#show({
        type: "error",
        name: "SyntaxError",
        message: `${syntaxError.message} (line ${syntaxError.line})`,
        traceback,
      });
      return this.#end("error", 0);
    }

    const reach = codeReach(effects, this.#parts.ground());
    const rejection = await this.#review(effects, reach);
    if (rejection !== undefined) {
      this.#show({ type: "text", stream: "stderr", text: `${codeReviewAgent.name}: ${rejection}` });
      this.#context.run.emit({ type: "cell-end", cellId: this.#cellId, status: "denied", durationMs: 0 });
      return answer(`exitcode: 1 (not run: ${codeReviewAgent.name} rejected the code)\nCode output: ${rejection}`, {
        status: "rejected",
      });
    }

    const approved = await this.#approve(effects, reach);
    if (!approved) {
      return this.#end("denied", 0);
    }

    return this.#code === this.#context.message.metadata["code"] ? undefined : this.#recheck(interpreter);
  }

  /** Code that the person edited is theirs; only its syntax is read again. */
  async #recheck(interpreter: Interpreter): Promise<Reply | undefined> {
    const { syntaxError } = await interpreter.inspect(this.#code);
    if (syntaxError === null) {
      return undefined;
    }

    this.#show({
      type: "error",
      name: "SyntaxError",
      message: `${syntaxError.message} (line ${syntaxError.line})`,
      traceback: "",
    });
    return this.#end("error", 0);
  }

  /** @returns Why the reviewer rejects it; `undefined` where it does not, or was not asked. */
  async #review(effects: readonly CodeEffect[], reach: CodeReach): Promise<string | undefined> {
    if (!this.#parts.reviewAll() && reach !== "reaches-out") {
      return undefined;
    }

    const { run, message } = this.#context;
    run.emit({ type: "progress", agent: codeReviewAgent.name, activity: "reviewing", detail: "" });
    const question = message.metadata["question"];
    const found = effects
      .filter((effect) => effectReach(effect, this.#parts.ground()) === "reaches-out")
      .map(({ kind, detail, line }) => `- line ${line}: ${kind}: ${detail}`);
    const { comment } = message.metadata;
    const isAdvice = message.metadata["review"] === "advice";
    const words = [
      `Question of the user: ${typeof question === "string" ? question : "(unknown)"}`,
      ...(isAdvice && typeof comment === "string" ? [`What the program's own code below is for: ${comment}`] : []),
      ...filesOf(this.#parts.ground()),
      ...placeForReview(this.#place, this.#parts.ground().workingDirectory),
      `Code of ${message.from}:\n\`\`\`python\n${this.#code}\n\`\`\``,
      found.length === 0 ? "Nothing beyond computing was found in it." : `Found in it by reading:\n${found.join("\n")}`,
    ];
    const placed = this.#place.place === "cluster" ? { metadata: { place: "cluster" } } : {};
    const reply = await this.#context.ask(codeReviewAgent.name, words.join("\n\n"), placed);
    const verdict = reply?.metadata["verdict"];
    if (reply === undefined || (verdict !== "approved" && verdict !== "rejected")) {
      run.emit({
        type: "notice",
        severity: "warning",
        code: "review-unreadable",
        text: `${codeReviewAgent.name} gave no readable verdict: read the code yourself before you let it run.`,
        values: { reviewer: codeReviewAgent.name },
      });
      return undefined;
    }

    run.emit({
      type: "cell-review",
      cellId: this.#cellId,
      reviewer: codeReviewAgent.name,
      verdict,
      comment: reply.content,
    });
    return verdict === "rejected" && !isAdvice ? reply.content : undefined;
  }

  async #approve(effects: readonly CodeEffect[], reach: CodeReach): Promise<boolean> {
    const { run } = this.#context;
    const request: ApprovalRequest = {
      turnId: this.#parts.turnId(),
      cellId: this.#cellId,
      code: this.#code,
      effects,
      risky: reach !== "computes",
    };
    if (!request.risky && this.#parts.approvals.granted(request)) {
      run.emit({ type: "approval-answer", cellId: this.#cellId, decision: "once", how: "granted", code: null });
      return true;
    }

    run.emit({ type: "progress", agent: pythonInterpreter.name, activity: "waiting", detail: "" });
    const { mode: sandbox } = this.#sandbox;
    run.emit({ type: "approval-request", cellId: this.#cellId, everyTime: request.risky, sandbox });
    const { decision, how, code } = await run.budget.offTheClock(() => this.#parts.approvals.ask(request, run.signal));
    run.signal.throwIfAborted();
    run.emit({ type: "approval-answer", cellId: this.#cellId, decision, how, code });
    this.#code = code ?? this.#code;
    return decision !== "deny";
  }

  async #run(interpreter: Interpreter): Promise<CellResult> {
    const { run } = this.#context;
    run.emit({ type: "progress", agent: pythonInterpreter.name, activity: "running", detail: "" });
    const isFresh = !this.#parts.python.keepsVariables;
    run.emit({ type: "cell-run", cellId: this.#cellId, ...(isFresh ? { newPython: true } : {}) });
    const request = {
      cellId: this.#cellId,
      number: this.#number,
      code: this.#code,
      timeLimitMs: this.#parts.timeLimitMs(),
      onOutput: (output: CellOutput) => this.#show(output),
    };
    try {
      return await interpreter.run(request, run.signal);
    } catch (error) {
      if (AgentError.is(error, "python.closed")) {
        return { status: "exited", durationMs: 0 };
      }

      throw error;
    }
  }

  #show(output: CellOutput): void {
    const last = this.#outputs.at(-1);
    if (output.type === "text" && last?.type === "text" && last.stream === output.stream) {
      this.#outputs[this.#outputs.length - 1] = { ...last, text: last.text + output.text };
    } else {
      this.#outputs.push(output);
    }

    this.#context.run.emit({ type: "cell-output", cellId: this.#cellId, output });
  }

  #report(
    { status, durationMs }: { readonly status: CellStatus; readonly durationMs: number },
    notes: readonly string[],
  ): Reply {
    this.#context.run.emit({ type: "cell-end", cellId: this.#cellId, status, durationMs });
    const edited =
      this.#code === this.#context.message.metadata["code"]
        ? []
        : [`The user edited the code before it ran. It was:\n${this.#code}`];
    const content = [...edited, cellReport(status, this.#outputs), ...notes].join("\n\n");
    this.#context.run.signal.throwIfAborted();
    return answer(content, { status });
  }

  #end(status: CellStatus, durationMs: number): Reply {
    return this.#report({ status, durationMs }, []);
  }
}

/** What code may read without being asked about, for the reviewer. */
function filesOf({ files, outputDirectory }: SessionGround): readonly string[] {
  const listed = files.slice(0, mostFilesTold).map((path) => `- ${JSON.stringify(path)}`);
  const more = files.length > mostFilesTold ? [`- and ${files.length - mostFilesTold} more`] : [];
  return [
    `Files of the session:\n${files.length === 0 ? "(none)" : [...listed, ...more].join("\n")}`,
    `Folder of the session, with its pictures, outputs and downloads: ${JSON.stringify(outputDirectory)}`,
  ];
}
