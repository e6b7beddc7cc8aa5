import { AgentError, type ErrorCode } from "../../base/errors.ts";
import { previewFileAgent } from "../../catalog/preview-file-agent.ts";
import { pythonInterpreter } from "../../catalog/python-interpreter.ts";
import type { PostOffice } from "../../core/post-office.ts";
import type { RecalledCall, RecalledTool, Run, RunEvent } from "../../core/run.ts";
import type { Message } from "../../protocol/message.ts";
import type { Problem } from "../../protocol/problem.ts";
import { type Change, changedMessage, changedReply, changedSaying } from "./changed-words.ts";
import { RecordedEvents } from "./recorded-events.ts";
import { type RecordedDelivery, type RecordedRun, type RecordedTool, withAllBelow } from "./recorded-run.ts";
import { shownText } from "./shown-text.ts";

export interface ReplayParts {
  readonly recorded: RecordedRun;
  /** The words that take the place of the recorded ones. */
  readonly content: string;
  readonly office: PostOffice;
  /** Called once before code runs that is not from the log, with the cells that are. */
  readonly beforeCode: (
    cells: readonly Message[],
    run: Run,
    again: (message: Message) => Promise<Message | undefined>,
  ) => Promise<void>;
}

/**
 * A run that is played again with one message changed. What had been answered before that message is answered from the log.
 * Whoever had not yet answered then works once more: it gets from the log what its model said, what its tools gave and what
 * others answered, until the changed message takes the place of the recorded one. From there on everything is anew.
 *
 * A message that is not in the log ends the replay, too: then all that follows is anew, without the change.
 */
export class Replay {
  readonly #parts: ReplayParts;
  readonly #change: Change;
  readonly #path: ReadonlySet<RecordedDelivery>;
  readonly #asked = new Set<string>();
  /** What of the log has been told. */
  readonly #taken = new Set<object>();
  #events: RecordedEvents | undefined;
  #isOver = false;
  #isCodeReady = false;

  constructor(parts: ReplayParts) {
    this.#parts = parts;
    const { changed, part } = parts.recorded;
    const before = (part === "message" ? changed.message : changed.reply) ?? changed.message;
    this.#change = { before, content: parts.content };
    this.#path = new Set(ancestorsOf(changed));
  }

  /** The run in which the person's question is to be asked. */
  around(run: Run): Run {
    const { recorded, content } = this.#parts;
    this.#events = new RecordedEvents({
      events: recorded.events,
      emit: (event) => run.emit(event),
      changedText: recorded.part === "reply" ? shownText(recorded, content) : null,
    });
    const { from, to } = this.#change.before;
    const text = `Up to what ${from} says to ${to}, this is from the earlier run and was not run again.`;
    run.emit(notice("info", "replay-log", text, { from, to }));
    return this.#runOf(run, { delivery: null, sent: recorded.roots });
  }

  /** To be called when the run is over. Says so where the changed message had no place in it. */
  end(run: Run): void {
    if (!this.#isOver) {
      this.#finish(run, "unreached", null);
    }
  }

  get #log(): RecordedEvents {
    if (this.#events === undefined) {
      throw new Error("A replay was used before its run was opened.");
    }

    return this.#events;
  }

  /** Cells that stand in this run as they were in the log; one whose output is changed has run, too. */
  get #cells(): readonly Message[] {
    const { all, changed, part } = this.#parts.recorded;
    const ran = all.filter(
      (delivery) =>
        delivery.message.to === pythonInterpreter.name &&
        delivery.reply?.metadata["status"] === "ok" &&
        (this.#log.isShown(delivery.end) || (part === "reply" && delivery === changed && this.#taken.has(delivery))),
    );
    return ran.map(({ message }) => message);
  }

  #runOf(inner: Run, branch: Branch): Run {
    return {
      id: inner.id,
      budget: inner.budget,
      signal: inner.signal,
      emit: (event) => this.#emit(event, inner, branch),
      narrow: (part) => this.#runOf(inner.narrow(part), branch),
      deliver: (message) => this.#deliver(message, inner, branch),
      recall: {
        isUnderWay: this.#isInLog(branch) && branch.delivery !== null,
        completion: (agent) => this.#completion(agent, inner, branch),
        toolResult: (call) => this.#toolResult(call, branch),
      },
    };
  }

  /** Where the agents of a branch still go the way of the log. */
  #isInLog({ delivery }: Branch): boolean {
    return !this.#isOver || (delivery !== null && this.#isAside(delivery));
  }

  /** What was being answered when the message was sent that is changed, without having led to it. */
  #isAside(delivery: RecordedDelivery): boolean {
    const { cut, changed } = this.#parts.recorded;
    return delivery !== changed && delivery.at < cut && delivery.end >= cut && !this.#path.has(delivery);
  }

  #emit(event: RunEvent, inner: Run, branch: Branch): void {
    if (!this.#isInLog(branch)) {
      inner.emit(this.#log.placed(event));
      return;
    }

    const isPiece = event.type === "text-delta" || event.type === "code-delta" || event.type === "block-drop";
    const isNew = event.type === "progress" || event.type === "model-call";
    if (isNew || (!isPiece && !this.#log.meet(event, this.#parts.recorded.cut))) {
      inner.emit(this.#log.placed(event));
    }
  }

  async #deliver(message: Message, inner: Run, branch: Branch): Promise<Message | undefined> {
    inner.signal.throwIfAborted();
    const { changed, part } = this.#parts.recorded;
    const match = message.silent ? undefined : this.#match(message, branch);
    if (match === undefined) {
      if (!this.#isOver && !message.silent && this.#isAnother(message, branch)) {
        this.#finish(inner, "deviated", message);
      }

      return await this.#carry(message, inner, unrecorded);
    }

    this.#taken.add(match);
    if (match !== changed) {
      return match.end < this.#parts.recorded.cut
        ? this.#answered(message, match)
        : await this.#goOn(message, inner, match);
    }

    return await (part === "message" ? this.#sendChanged(message, inner) : this.#answerChanged(message, inner));
  }

  /** Not what its sender said on the way to the change. Who only describes files is asked where a session needs it. */
  #isAnother(message: Message, branch: Branch): boolean {
    const { changed } = this.#parts.recorded;
    const leads = this.#left(branch).some((child) => child === changed || this.#path.has(child));
    // What cannot be delivered is not in the log.
    const canBe = message.to !== message.from && this.#parts.office.bears(message.to);
    return leads && canBe && message.to !== previewFileAgent.name;
  }

  /** What an agent sent in the log and has not sent again. */
  #left({ sent }: Branch): readonly RecordedDelivery[] {
    return sent.filter((delivery) => !this.#taken.has(delivery) && delivery.at <= this.#parts.recorded.cut);
  }

  /** The same message in the log: by its words, or, that which is changed, by its place. */
  #match(message: Message, branch: Branch): RecordedDelivery | undefined {
    const { changed, part } = this.#parts.recorded;
    const isFor = ({ message: recorded }: RecordedDelivery): boolean =>
      recorded.from === message.from && recorded.to === message.to && recorded.requestReply === message.requestReply;
    const open = this.#left(branch).filter((child) => this.#isInLog(branch) || this.#isAside(child));
    const words = (child: RecordedDelivery): string =>
      child === changed && part === "message" && message.content !== child.message.content
        ? this.#change.content
        : child.message.content;
    const same = open.find((child) => isFor(child) && words(child) === message.content);
    const next = open.find(({ message: { to } }) => to !== previewFileAgent.name);
    return same ?? (next === changed && part === "message" && isFor(next) ? next : undefined);
  }

  /** Answered before the change: nobody works, and those who spoke take note. */
  #answered(message: Message, match: RecordedDelivery): Message | undefined {
    this.#log.name(match.message, message.id);
    const end = match.reply === null ? Math.max(match.at, match.end) : match.end;
    this.#log.showUpTo(end);
    this.#pass(match.at, end);
    this.#remember(match);
    if (match.failure !== null) {
      throw failureAgain(match.failure);
    }

    return match.reply === null ? undefined : { ...this.#log.message(match.reply), inReplyTo: message.id };
  }

  /** Was being answered when the message was sent that is changed. The cell of code keeps its place. */
  async #goOn(message: Message, inner: Run, match: RecordedDelivery): Promise<Message | undefined> {
    this.#log.name(match.message, message.id);
    const { cellId } = match.message.metadata;
    const metadata = { ...message.metadata, ...(cellId === undefined ? {} : { cellId }) };
    return await this.#carry({ ...message, metadata }, inner, { delivery: match, sent: match.children });
  }

  async #sendChanged(message: Message, inner: Run): Promise<Message | undefined> {
    const { cut } = this.#parts.recorded;
    this.#log.showUpTo(cut - 1);
    this.#finish(inner, "changed", message);
    await this.#readyCode(inner, this.#isCodeOnTheWay);
    return await this.#carry(changedMessage(message, this.#change), inner, unrecorded);
  }

  async #answerChanged(message: Message, inner: Run): Promise<Message | undefined> {
    const { changed, cut } = this.#parts.recorded;
    if (changed.reply === null) {
      return undefined;
    }

    this.#log.name(changed.message, message.id);
    this.#log.showUpTo(cut - 1);
    this.#pass(changed.at, cut);
    const reply = changedReply({ ...this.#log.message(changed.reply), inReplyTo: message.id }, this.#change);
    this.#remember(changed, reply);
    inner.emit({ type: "message", message: reply });
    this.#finish(inner, "changed", reply);
    await this.#readyCode(inner, this.#isCodeOnTheWay);
    return reply;
  }

  async #carry(message: Message, inner: Run, branch: Branch): Promise<Message | undefined> {
    await this.#readyCode(inner, this.#isOver && message.to === pythonInterpreter.name);
    return await this.#parts.office.carry(message, this.#runOf(inner, branch));
  }

  /** Code that was looked at when the message was sent that is changed runs once that is answered. */
  get #isCodeOnTheWay(): boolean {
    return [...this.#path].some(({ message }) => message.to === pythonInterpreter.name);
  }

  async #readyCode(inner: Run, isNeeded: boolean): Promise<void> {
    if (isNeeded && !this.#isCodeReady) {
      this.#isCodeReady = true;
      await this.#parts.beforeCode(this.#cells, inner, (cell) => this.#parts.office.carry(cell, inner));
    }
  }

  /** What is in the log of an agent's words is not in its memory until it is told. */
  #remember(match: RecordedDelivery, reply?: Message): void {
    const { office } = this.#parts;
    const below = withAllBelow(match);
    const said = below.flatMap(({ message, at, reply: answer, end }) => [
      { message: this.#log.message(message), at },
      ...(answer === null
        ? []
        : [{ message: answer === match.reply && reply ? reply : this.#log.message(answer), at: end }]),
    ]);
    for (const { message } of said.toSorted((a, b) => a.at - b.at)) {
      // Whoever sent the first one is at work and remembers it by itself.
      const own =
        message.id === this.#log.message(match.message).id || message.inReplyTo === this.#log.message(match.message).id;
      const names = own ? [match.message.to] : [message.from, message.to];
      names.forEach((name) => office.remind(name, message));
    }
  }

  #pass(from: number, to: number): void {
    const { all } = this.#parts.recorded;
    const away = new Set(all.filter((other) => this.#isAside(other)).map(({ message }) => message.to));
    this.#log.pass(from, to, (agent) => away.has(agent));
  }

  #completion(agent: string, inner: Run, branch: Branch): RecalledCall | undefined {
    if (!this.#isInLog(branch)) {
      return undefined;
    }

    const { recorded } = this.#parts;
    const { cut, changed, part, loose } = recorded;
    const calls = branch.delivery?.message.to === agent ? branch.delivery.calls : (loose.get(agent) ?? []);
    const call = calls.find((other) => other.at < cut && !this.#taken.has(other));
    this.#taken.add(call ?? calls);
    if (call === undefined || call.said === null) {
      this.#sayAskedAnew(agent, inner, branch);
      return undefined;
    }

    this.#log.showUpTo(call.at);
    const isLast =
      part === "message" && changed.parent === branch.delivery && call === calls.findLast(({ at }) => at < cut);
    return { said: isLast ? changedSaying(call.said, this.#change) : call.said, repairs: call.repairs };
  }

  /** Once for each agent on the way to the change. */
  #sayAskedAnew(agent: string, inner: Run, { delivery }: Branch): void {
    if (delivery !== null && this.#path.has(delivery) && !this.#asked.has(agent)) {
      this.#asked.add(agent);
      const text = `What the model of ${agent} had said is not in the log: it is asked again.`;
      inner.emit(notice("info", "replay-model-asked", text, { agent }));
    }
  }

  #toolResult(call: { readonly tool: string; readonly input: string }, branch: Branch): RecalledTool | undefined {
    const { cut } = this.#parts.recorded;
    const tool = this.#isInLog(branch)
      ? branch.delivery?.tools.find((other) => !this.#taken.has(other) && isSameCall(other, call) && other.end < cut)
      : undefined;
    if (tool === undefined) {
      return undefined;
    }

    this.#taken.add(tool);
    this.#log.showUpTo(tool.end);
    this.#pass(tool.at, tool.end);
    const within = this.#left(branch).filter(({ at, end }) => at > tool.at && end < tool.end);
    for (const delivery of within) {
      this.#taken.add(delivery);
      this.#remember(delivery);
      this.#remind(delivery);
    }

    return { text: tool.text, failed: tool.failed };
  }

  /** Nobody is at work on a message that a tool sent: who sent it takes note like the others. */
  #remind({ message, reply }: RecordedDelivery): void {
    const { office } = this.#parts;
    office.remind(message.from, this.#log.message(message));
    if (reply !== null) {
      office.remind(message.from, this.#log.message(reply));
    }
  }

  #finish(run: Run, how: "changed" | "deviated" | "unreached", message: Message | null): void {
    this.#isOver = true;
    const { from, to } = message ?? this.#change.before;
    run.emit({ type: "replay-end", how, messageId: how === "changed" ? (message?.id ?? null) : null });
    const severity = how === "changed" ? "info" : "warning";
    run.emit(notice(severity, `replay-${how}`, sentences[how](from, to), { from, to }));
  }
}

const sentences = {
  changed: (from: string, to: string) => `What ${from} says to ${to} was changed. From here on everything ran anew.`,
  deviated: (from: string, to: string) =>
    `The run went another way before the changed message: ${from} said something else to ${to} than in the earlier run. From here on everything ran anew, without the change.`,
  unreached: (from: string, to: string) =>
    `The run went another way: ${from} did not say to ${to} again what was to be changed. It ran without the change.`,
};

/** An agent at work, and what it sent in the log. */
interface Branch {
  /** What it answers; `null` for the person, and for what is not in the log. */
  readonly delivery: RecordedDelivery | null;
  readonly sent: readonly RecordedDelivery[];
}

const unrecorded: Branch = { delivery: null, sent: [] };

/** As it was thrown when it happened. */
function failureAgain({ code, details, message }: Problem): Error {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the log holds what such an error carried
  return code === "unexpected" ? new Error(message) : new AgentError(code as ErrorCode, details as never, message);
}

function isSameCall(
  recorded: RecordedTool,
  { tool, input }: { readonly tool: string; readonly input: string },
): boolean {
  return recorded.tool === tool && recorded.input === input;
}

function ancestorsOf({ parent }: RecordedDelivery): readonly RecordedDelivery[] {
  return parent === null ? [] : [parent, ...ancestorsOf(parent)];
}

function notice(
  severity: "info" | "warning",
  code: string,
  text: string,
  values: { readonly [name: string]: string },
): RunEvent {
  return { type: "notice", severity, code, text, values };
}
