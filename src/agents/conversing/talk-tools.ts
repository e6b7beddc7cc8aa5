import * as z from "zod/mini";
import { askingCircle, askingOn } from "../core/asking-chain.ts";
import { type ReplyContext, answer, silence } from "../core/reply.ts";
import type { ModelTool } from "../ports/chat-model.ts";
import type { AgentDefinition } from "../protocol/agent-definition.ts";
import { groupOf } from "./group-place.ts";
import { type OfferedTool, result } from "./offered-tool.ts";
import { type Speech, audienceOf, onTheWay } from "./speech.ts";

export interface TalkParts {
  readonly definition: AgentDefinition;
  readonly context: ReplyContext;
  readonly speech: Speech;
  readonly purposeOf: (name: string) => string;
}

/** The tools by which an agent deals with others, as far as its definition and its place in a group give it any. */
export function talkTools(parts: TalkParts): readonly OfferedTool[] {
  const group = groupOf(parts.context.message);
  return [
    ...(parts.definition.asks.length === 0 ? [] : [askAgent(parts)]),
    ...handOff(parts),
    ...(group?.finish === true ? [finish(parts)] : []),
    ...(group?.silence === true ? [nothingToAdd()] : []),
  ];
}

const askInput = z.object({ agent: z.string(), message: z.string() });

function askAgent({ definition, context, purposeOf }: TalkParts): OfferedTool {
  return talkTool({
    name: "ask_agent",
    description: `Asks another agent and gives you its answer; the user does not see it. Say all that it needs to know: it has not heard this conversation. Agents: ${listOf(definition.asks, purposeOf)}`,
    parameters: objectOf({ agent: { type: "string", enum: definition.asks }, message: { type: "string" } }, [
      "agent",
      "message",
    ]),
    run: async (input) => {
      const { agent, message } = z.parse(askInput, input);
      const circle = askingCircle(context.message, definition.name, agent);
      if (circle !== undefined) {
        return result(circle.message, true);
      }

      const metadata = { ...onTheWay, ...askingOn(context.message, definition.name) };
      const reply = await context.ask(agent, message, { metadata });
      return reply === undefined ? result(`${agent} has nothing to say to that.`) : result(reply.content);
    },
  });
}

const noteWords =
  "What the other agent has to know besides the question. It is also given what you have written for this question, but not what your tools showed you.";

const handOffInput = z.object({ agent: z.string(), note: z.optional(z.string()) });

/** Whoever has handed the question on already cannot be given it back: it would go round for ever. */
function handOff({ definition, context, speech, purposeOf }: TalkParts): readonly OfferedTool[] {
  const { message } = context;
  const before = namesIn(message.metadata["handedOff"]);
  const been = [...before, definition.name];
  const open = definition.handOffs.filter(({ agent }) => !been.includes(agent) && agent !== message.from);
  if (definition.handOffs.length === 0) {
    return [];
  }

  const names = open.map(({ agent }) => agent);
  const description =
    names.length === 0
      ? "Hands the question to another agent. Nobody is left to whom it could be handed: answer it yourself."
      : `Hands the question to another agent, whose answer then is the answer. Agents: ${listOf(names, purposeOf)}`;
  return [
    talkTool({
      name: "hand_off",
      description,
      parameters: objectOf({ agent: { type: "string" }, note: { type: "string", description: noteWords } }, ["agent"]),
      run: async (input) => {
        const { agent, note = "" } = z.parse(handOffInput, input);
        const to = open.find((candidate) => candidate.agent === agent);
        if (to === undefined) {
          const why = been.includes(agent)
            ? `${agent} has had this question already`
            : `You cannot hand it to ${agent}`;
          return result(`${why}. ${names.length === 0 ? "Answer it yourself." : `Agents: ${names.join(", ")}.`}`, true);
        }

        speech.drop();
        const written =
          speech.remarks.length === 0 ? "" : `${definition.name} wrote:\n\n${speech.remarks.join("\n\n")}`;
        const words = [message.content, to.prompt, note, written].filter((text) => text.trim() !== "").join("\n\n");
        const metadata = { ...audienceOf(message), ...askingOn(message, definition.name), handedOff: been };
        const reply = await context.ask(agent, words, { metadata });
        return reply === undefined
          ? result(`${agent} has nothing to say to that. Answer yourself.`, true)
          : { kind: "reply", reply: answer(reply.content, { answeredBy: agent, ...reply.metadata }) };
      },
    }),
  ];
}

const finishInput = z.object({ answer: z.string() });

function finish({ speech }: TalkParts): OfferedTool {
  return talkTool({
    name: "finish",
    description: "Ends the conversation of the group, with its answer. Call it once the task is done.",
    parameters: objectOf({ answer: { type: "string", description: "The whole answer, for the user." } }, ["answer"]),
    isShown: false,
    run: (input) => {
      const words = z.parse(finishInput, input).answer;
      return Promise.resolve({ kind: "reply", reply: answer(words, { ...speech.end(words), finished: true }) });
    },
  });
}

function nothingToAdd(): OfferedTool {
  return talkTool({
    name: "nothing_to_add",
    description: "Says that you have nothing to add; the group then ends.",
    parameters: objectOf({}, []),
    isShown: false,
    run: () => Promise.resolve({ kind: "reply", reply: silence }),
  });
}

function talkTool(tool: ModelTool & Pick<OfferedTool, "run"> & { readonly isShown?: boolean }): OfferedTool {
  const { name, description, parameters, run, isShown = true } = tool;
  return { tool: { name, description, parameters }, origin: "byzer", effect: "own", isShown, run };
}

function objectOf(properties: object, required: readonly string[]): ModelTool["parameters"] {
  return { type: "object", properties, required, additionalProperties: false };
}

function listOf(names: readonly string[], purposeOf: TalkParts["purposeOf"]): string {
  return names
    .map((name) => {
      const purpose = purposeOf(name);
      return purpose === "" ? name : `${name} (${purpose})`;
    })
    .join("; ");
}

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}
