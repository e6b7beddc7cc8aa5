import { languageRule } from "../analysis/language.ts";
import { AgentError } from "../base/errors.ts";
import type { ModelMessage } from "../ports/chat-model.ts";
import type { Citation } from "../protocol/citation.ts";
import type { QuestionOutcome, QuestionParts } from "./answer-question.ts";
import { type AnswerDraft, writeAnswer } from "./answer-stream.ts";
import { uncitedAdvice } from "./ask-prompt.ts";

/** A sub-question with its answer as it was shown. */
export interface AnsweredPart {
  readonly question: string;
  readonly text: string;
  readonly citations: readonly Citation[];
}

export interface JoinRequest {
  /** The person's own. */
  readonly question: string;
  readonly parts: readonly AnsweredPart[];
  readonly role: "comment" | "answer";
}

const mostTries = 2;

/** Lets a model make one answer of those to sub-questions; every quote is checked again. @throws AgentError `model.*`, `run.budget` */
export async function joinAnswers(
  { run, model, finder, shelf, instructions }: QuestionParts,
  { question, parts, role }: JoinRequest,
): Promise<QuestionOutcome> {
  let messages = joinMessages(instructions, question, parts);
  for (let tries = 1; ; tries += 1) {
    run.emit({ type: "progress", agent: finder.voice.agent, activity: "answering", detail: "" });
    const request = {
      model,
      messages,
      maySearch: false,
      question,
      role,
      passages: () => shelf.all,
      voice: finder.voice,
    };
    // A second try follows from what the first lacked.
    // oxlint-disable-next-line no-await-in-loop
    const draft = await writeAnswer(run, request);
    const isCited = draft.kind === "words" && draft.block.citations.length > 0;
    if (draft.kind === "words" && (isCited || tries >= mostTries)) {
      return { kind: "words", block: draft.block, raw: draft.raw, isCited };
    }

    if (tries >= mostTries) {
      return unjoined(draft, { place: model.place, name: model.name });
    }

    if (draft.kind === "words") {
      draft.block.drop();
    }

    messages = [...messages, ...again(draft)];
  }
}

function unjoined(draft: AnswerDraft, model: { readonly place: string; readonly name: string }): QuestionOutcome {
  if (draft.kind === "not-found") {
    return { kind: "not-found", missing: draft.missing, nearest: [] };
  }

  if (draft.kind !== "empty") {
    const reason = `${model.name} asked for searches instead of joining its answers.`;
    const said = `${reason} They stand above, one by one. Ask again, or try another model.`;
    throw new AgentError("model.malformed", { baseUrl: model.place, reason }, said);
  }

  const details = { baseUrl: model.place, model: model.name };
  throw new AgentError("model.empty", details, `${model.name} answered with nothing, twice. Try another model.`);
}

function again(draft: AnswerDraft): readonly ModelMessage[] {
  const advice = draft.kind === "words" ? uncitedAdvice : "Write the answer in words, from the parts above.";
  return [
    ...(draft.kind === "words" ? [{ role: "assistant" as const, content: draft.raw }] : []),
    { role: "user", content: advice },
  ];
}

function joinMessages(instructions: string, question: string, parts: readonly AnsweredPart[]): readonly ModelMessage[] {
  const found = parts.map((part) => `Part: ${part.question}\n${withQuotes(part)}`).join("\n\n");
  const task = `The question was answered part by part. Join the parts into one answer to the whole question: do not lose a finding, do not repeat one, and draw the comparison where the question asks for one. Keep the marks [number: "words"] as they are behind what they support; they are the passages. Where a part was not found, say so in a sentence.`;
  return [
    { role: "system", content: [instructions, languageRule(question)].join("\n\n") },
    { role: "user", content: `${task}\n\n${found}\n\nQuestion: ${question}` },
  ];
}

/** An answer with its marks as a model writes them. */
function withQuotes({ text, citations }: AnsweredPart): string {
  return text.replaceAll(/ ?\[\?\d+\]/gu, "").replaceAll(/(?<!\\)\[(\d+)\]/gu, (mark, digits: string) => {
    const citation = citations.find(({ number }) => number === Number(digits));
    return citation === undefined ? mark : `[${citation.passage}: ${JSON.stringify(citation.quote)}]`;
  });
}
