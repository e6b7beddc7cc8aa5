import * as z from "zod/mini";
import { codeReviewAgent } from "../catalog/code-review-agent.ts";
import { type ReplyContext, type ReplyFunction, answer } from "../core/reply.ts";
import type { ChatModel } from "../ports/chat-model.ts";
import { askForChoice } from "./ask-model.ts";
import { languageRule } from "./language.ts";
import { placedInstructions } from "./place-words.ts";

interface Verdict {
  readonly verdict: "approved" | "rejected";
  readonly comment: string;
}

const verdictSchema = z.object({ verdict: z.string(), comment: z.optional(z.string()) });

/** The reply function of `code_review_agent`: a verdict in the metadata, its reason in the text. */
export function reviewReply(model: (signal: AbortSignal) => Promise<ChatModel>): ReplyFunction {
  return {
    name: "review",
    trigger: "anyone",
    reply: async (context) => {
      const request = {
        messages: [
          {
            role: "system" as const,
            content: `${placedInstructions(context.systemMessage, { place: placeOf(context) })}\n\n${languageRule(context.message.content.split("\n")[0] ?? "")}`,
          },
          { role: "user" as const, content: context.message.content },
        ],
        temperature: 0,
      };
      const chosen = await askForChoice(
        context,
        { model: await model(context.run.signal), request, agent: codeReviewAgent.name },
        readVerdict,
      );
      return chosen === undefined
        ? answer("No verdict could be read.")
        : answer(chosen.value.comment, { verdict: chosen.value.verdict });
    },
  };
}

/** Where the code would run, as who asks says. */
function placeOf({ message }: ReplyContext): "cluster" | "process" {
  return message.metadata["place"] === "cluster" ? "cluster" : "process";
}

/** The verdict in a reply that holds a JSON object, in a fence or among words; `undefined` where there is none. */
export function readVerdict(text: string): Verdict | undefined {
  const [json] = /\{[^{}]*\}/.exec(text) ?? [];
  if (json === undefined) {
    return undefined;
  }

  try {
    const parsed = verdictSchema.safeParse(JSON.parse(json));
    const word = parsed.data?.verdict.toLowerCase() ?? "";
    if (!/^(?:approve|reject)/.test(word)) {
      return undefined;
    }

    return { verdict: word.startsWith("approve") ? "approved" : "rejected", comment: parsed.data?.comment ?? "" };
  } catch {
    return undefined;
  }
}
