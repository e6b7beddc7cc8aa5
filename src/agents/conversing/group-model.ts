import { askForChoice, askModel } from "../analysis/ask-model.ts";
import type { ReplyContext } from "../core/reply.ts";
import type { ChatModel, ModelRequest } from "../ports/chat-model.ts";
import type { AgentDefinition, GroupPlan } from "../protocol/agent-definition.ts";
import type { Message } from "../protocol/message.ts";
import type { GroupReplyParts } from "./group-reply.ts";
import type { Speech } from "./speech.ts";

/** Characters of a conversation that the group's model reads at most; the latest ones. */
const longestTranscript = 40_000;

/** What a group asks its own model: who speaks next, whether the task is done, what the answer is. */
export class GroupModel {
  readonly #definition: AgentDefinition;
  readonly #plan: GroupPlan;
  readonly #parts: GroupReplyParts;
  #model: Promise<ChatModel> | undefined;
  #toldUnclear = false;

  constructor(definition: AgentDefinition, plan: GroupPlan, parts: GroupReplyParts) {
    this.#definition = definition;
    this.#plan = plan;
    this.#parts = parts;
  }

  /** A member's name; `undefined` where the model names none, also when asked again. That is said once. */
  async nextSpeaker(
    said: readonly Message[],
    members: readonly string[],
    context: ReplyContext,
  ): Promise<string | undefined> {
    if (members.length === 1) {
      return members[0];
    }

    context.run.emit({ type: "progress", agent: this.#definition.name, activity: "routing", detail: "" });
    const list = members.map((name) => {
      const purpose = this.#parts.purposeOf(name);
      return purpose === "" ? `- ${name}` : `- ${name}: ${purpose}`;
    });
    const request = this.#request(
      context,
      said,
      `Who speaks next, so that the task gets done? The members:\n${list.join("\n")}\nReply with one name and nothing else.`,
    );
    const choice = await this.#choose(context, request, (text) => memberIn(text, members));
    if (choice === undefined) {
      this.#sayUnclear(context);
    }

    return choice;
  }

  /** Whether the task is done; not where the model cannot say. */
  async isDone(said: readonly Message[], context: ReplyContext): Promise<boolean> {
    const request = this.#request(
      context,
      said,
      "Is the task done, with an answer that the user can use? Reply with the one word yes or no.",
    );
    return (await this.#choose(context, request, yesOrNo)) ?? false;
  }

  /** The group's answer, made of all that was said. */
  async summary(said: readonly Message[], context: ReplyContext, speech: Speech): Promise<string> {
    const { name: agent } = this.#definition;
    context.run.emit({ type: "progress", agent, activity: "answering", detail: "" });
    const request = this.#request(
      context,
      said,
      "The conversation is over. Write the answer to the user, from what was said; where the members disagree, say so. Answer in the language of the task.",
    );
    const model = await this.#open(context);
    const completion = await askModel(context.run, {
      model,
      agent,
      request,
      onEvent: (event) => (event.type === "text" ? speech.say(event.text) : undefined),
    });
    const text = completion.text.trim();
    return text === "" ? (said.at(-1)?.content ?? "") : text;
  }

  async #choose<T>(
    context: ReplyContext,
    request: ModelRequest,
    read: (text: string) => T | undefined,
  ): Promise<T | undefined> {
    const model = await this.#open(context);
    return (await askForChoice(context, { model, request, agent: this.#definition.name }, read))?.value;
  }

  #open({ run }: ReplyContext): Promise<ChatModel> {
    this.#model ??= this.#parts.model(run.signal);
    return this.#model;
  }

  /** What the members said is data: it stands in the user's message. */
  #request(context: ReplyContext, said: readonly Message[], question: string): ModelRequest {
    const { name } = this.#definition;
    const own = context.systemMessage.trim();
    const words = said.map(({ from, content }) => `${from}: ${content}`).join("\n\n");
    const transcript = words.length > longestTranscript ? `…${words.slice(-longestTranscript)}` : words;
    const task = `Task:\n${context.message.content}\n\nSaid so far:\n${transcript === "" ? "(nothing)" : transcript}`;
    return {
      messages: [
        {
          role: "system",
          content: [own, `You lead the group ${name}: ${this.#plan.members.join(", ")}.`].filter(Boolean).join("\n\n"),
        },
        { role: "user", content: `${task}\n\n${question}` },
      ],
    };
  }

  #sayUnclear({ run }: ReplyContext): void {
    if (!this.#toldUnclear) {
      this.#toldUnclear = true;
      const { name: group } = this.#definition;
      const text = `The model of ${group} named no member to speak next: the members speak in turn.`;
      run.emit({ type: "notice", severity: "info", code: "speaker-unclear", text, values: { group } });
    }
  }
}

/** The member that a reply names, alone or first of several; `undefined` where it names none, or several at once. */
function memberIn(text: string, members: readonly string[]): string | undefined {
  const word = text.trim().replaceAll(/^[\s"'`*@.:：。]+|[\s"'`*.:：。]+$/gu, "");
  const exact = members.find((name) => name.toLowerCase() === word.toLowerCase());
  if (exact !== undefined) {
    return exact;
  }

  const named = members.filter((name) => isNamed(name, text));
  return named.length === 1 ? named[0] : undefined;
}

function isNamed(name: string, text: string): boolean {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
  return new RegExp(String.raw`(?<![\p{L}\p{N}_-])${escaped}(?![\p{L}\p{N}_-])`, "iu").test(text);
}

function yesOrNo(text: string): boolean | undefined {
  const word = /^[\s"'`*]*(yes|no|是|否)/iu.exec(text)?.[1]?.toLowerCase();
  return word === undefined ? undefined : word === "yes" || word === "是";
}
