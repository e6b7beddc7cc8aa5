import { userName } from "../analysis/agent-names.ts";
import { askForChoice } from "../analysis/ask-model.ts";
import { sessionNames } from "../analysis/question-language.ts";
import { rhetoricalAgent } from "../catalog/rhetorical-agent.ts";
import { Speech } from "../conversing/speech.ts";
import { type ReplyContext, type ReplyFunction, answer } from "../core/reply.ts";
import type { ChatModel } from "../ports/chat-model.ts";
import type { Term, TermStore } from "../ports/term-store.ts";
import type { Session } from "../protocol/session-state.ts";
import { type TermWish, plainTermWish, readTermWish } from "./read-term-wish.ts";
import { teamWords } from "./team-words.ts";
import { termsText } from "../analysis/terms-text.ts";

/** What keeping terms needs from the session. */
export interface RhetoricalParts {
  readonly terms: TermStore;
  readonly session: () => Session;
  readonly model: (signal: AbortSignal) => Promise<ChatModel>;
}

const questionsRead = 20;

/** The reply function of `rhetorical_agent`: keeps, shows and forgets what a person's terms mean. */
export function rhetoricalReply(parts: RhetoricalParts): ReplyFunction {
  return {
    name: "keep-terms",
    trigger: "anyone",
    reply: async (context) => {
      const { run, message } = context;
      const text = await act(parts, context);
      return answer(text, new Speech(run, rhetoricalAgent.name, message).end(text));
    },
  };
}

async function act(parts: RhetoricalParts, context: ReplyContext): Promise<string> {
  const { message } = context;
  const words = teamWords(message.content, sessionNames(parts.session()));
  const { terms } = parts;
  const isFromPerson = message.from === userName;
  const wasSaid = saidBy(parts.session(), isFromPerson ? [message.content] : []);
  const wish = plainTermWish(message.content) ?? (await readByModel(parts, context));
  switch (wish?.do) {
    case "keep": {
      const said = wish.terms.filter(({ term, meaning }) => wasSaid(isFromPerson ? [term] : [term, meaning]));
      await terms.keep(said);
      return said.length === 0 ? words.noTermSaid : words.kept(list(said), terms.place);
    }
    case "forget": {
      const known = await terms.forget(wish.terms.filter((term) => isFromPerson || wasSaid([term])));
      return known.length === 0 ? words.notKnown(wish.terms.join(", ")) : words.forgotten(known.join(", "));
    }
    case "forget-all": {
      const kept = (await terms.list()).map(({ term }) => term);
      const known = await terms.forget(kept.filter((term) => isFromPerson || wasSaid([term])));
      return known.length === 0 ? words.noTerms : words.forgotten(known.join(", "));
    }
    case "show":
      return shown(await terms.list(), words, terms.place);
    default:
      return `${words.howToTerms}\n\n${shown(await terms.list(), words, terms.place)}`;
  }
}

function shown(terms: readonly Term[], words: ReturnType<typeof teamWords>, place: string): string {
  return terms.length === 0 ? words.noTerms : words.terms(list(terms), place);
}

function list(terms: readonly Term[]): string {
  return terms.map(({ term, meaning }) => `- **${term}**: ${meaning}`).join("\n");
}

async function readByModel(parts: RhetoricalParts, context: ReplyContext): Promise<TermWish | undefined> {
  const { message, run, systemMessage } = context;
  const model = await parts.model(run.signal);
  const earlier = parts
    .session()
    .turns.slice(-questionsRead - 1, -1)
    .map(({ question }) => `- ${question}`);
  const known = await parts.terms.list();
  const content = [
    ...(earlier.length === 0 ? [] : [`Earlier questions of the user:\n${earlier.join("\n")}`]),
    ...(known.length === 0 ? [] : [`Kept already. ${termsText(known)}`]),
    `The user says: ${message.content}`,
  ].join("\n\n");
  const messages = [
    { role: "system" as const, content: systemMessage },
    { role: "user" as const, content },
  ];
  const call = { model, agent: rhetoricalAgent.name, request: { messages, temperature: 0 } };
  return (await askForChoice(context, call, readTermWish))?.value;
}

/**
 * Whether the person wrote all of some texts. A term that they never wrote is the model's own, or of another agent, which
 * may have it from a file.
 */
function saidBy(session: Session, more: readonly string[]): (texts: readonly string[]) => boolean {
  const said = [...session.turns.map(({ question }) => question), ...more].join("\n").toLowerCase();
  return (texts) => texts.every((text) => said.includes(text.trim().toLowerCase()));
}
