import { AgentError } from "../base/errors.ts";
import type { Message } from "../protocol/message.ts";
import type { Metadata } from "./reply.ts";

/** Times that an agent may be asked anew while it is still answering: to be asked back is no circle yet. */
const mostTimes = 3;

/** The person, whom no agent asks in this way. */
const person = "user";

/**
 * Metadata of what an agent asks in order to answer `message`: who is being asked already, outermost first. Who asks on the
 * person's behalf is known by the message itself.
 */
export function askingOn(message: Message, self: string): Metadata {
  const asked = askedBefore(message);
  return asked.length === 0 ? {} : { asking: [...asked, self] };
}

/** Metadata of what is asked in the place of `message`. */
export function askingAs(message: Message): Metadata {
  const asked = askedBefore(message);
  return asked.length === 0 ? {} : { asking: [...asked] };
}

/** The circle in which agents would ask each other, were `to` asked too; `undefined` where there is none. */
export function askingCircle(message: Message, self: string, to: string): AgentError<"agent.circle"> | undefined {
  const asked = [...askedBefore(message), self];
  if (asked.filter((name) => name === to).length < mostTimes) {
    return undefined;
  }

  const names = [...asked.slice(asked.lastIndexOf(to)), to];
  const way = names.join(" → ");
  const text = `The agents ask each other in a circle: ${way}. Answer without asking ${to} again.`;
  return new AgentError("agent.circle", { names }, text);
}

function askedBefore({ metadata, from }: Message): readonly string[] {
  const { asking } = metadata;
  return Array.isArray(asking) ? asking.filter((name) => typeof name === "string") : from === person ? [] : [from];
}
