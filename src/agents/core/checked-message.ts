import { AgentError } from "../base/errors.ts";
import { type Message, messageSchema } from "../protocol/message.ts";
import { noMetadata } from "./reply.ts";

/** Characters of a message, metadata included, that are carried at most. */
export const longestMessage = 10_000_000;

const requiredFields = 7;

/**
 * A copy of a message that is what its schema says, so that nobody reaches into what another keeps. For one that is so
 * already it costs a fraction of the schema; in any other case the schema decides: it takes off what does not belong
 * there, or refuses.
 *
 * @throws AgentError `agent.too-large`; what the schema throws.
 */
export function checkedMessage(given: Message): Message {
  const message = isPlain(given) ? keepable(given) : messageSchema.parse(given);
  const size = message.content.length + (message.metadata === noMetadata ? 0 : sizeOf(message.metadata));
  if (size > longestMessage) {
    const { from: name, to } = message;
    const text = `${name} wanted to send ${to} ${millions(size)} million characters, and ${millions(longestMessage)} million are the most. Let it write a file and send its path.`;
    throw new AgentError("agent.too-large", { name, sizeBytes: size, limitBytes: longestMessage }, text);
  }

  return message;
}

function millions(count: number): string {
  return (count / 1_000_000).toFixed(1);
}

function isPlain(value: Message): boolean {
  return (
    isPlainObject(value) &&
    typeof value.id === "string" &&
    typeof value.from === "string" &&
    typeof value.to === "string" &&
    typeof value.content === "string" &&
    typeof value.requestReply === "boolean" &&
    typeof value.silent === "boolean" &&
    fieldsOf(value) === requiredFields + (value.inReplyTo === undefined ? 0 : 1) &&
    (value.inReplyTo === undefined || typeof value.inReplyTo === "string") &&
    (value.metadata === noMetadata || (isPlainObject(value.metadata) && isPlainJson(value.metadata, 0)))
  );
}

/** A list of them would cost more than all other looks at a message. */
function fieldsOf(value: object): number {
  let count = 0;
  for (const name in value) {
    count += Object.hasOwn(value, name) ? 1 : 0;
  }

  return count;
}

/** Deeper ones are left to the schema. */
const deepest = 8;

function isPlainJson(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value);
    case "object":
      return (
        value === null ||
        (depth < deepest &&
          (Array.isArray(value) || isPlainObject(value)) &&
          !Object.hasOwn(value, "__proto__") &&
          Object.values(value).every((item) => isPlainJson(item, depth + 1)))
      );
    default:
      return false;
  }
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null) {
    return false;
  }

  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Characters of the texts in a value. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") {
    return value.length;
  }

  return typeof value === "object" && value !== null
    ? Object.values(value).reduce((size: number, item) => size + sizeOf(item), 0)
    : 0;
}

/** The message itself where nobody can write into it, else a copy. */
function keepable(message: Message): Message {
  return message.metadata === noMetadata && Object.isFrozen(message) ? message : copyOf(message);
}

function copyOf(message: Message): Message {
  const { id, from, to, inReplyTo, content, requestReply, silent } = message;
  const metadata = copiedFields(message.metadata);
  return inReplyTo === undefined
    ? { id, from, to, content, metadata, requestReply, silent }
    : { id, from, to, inReplyTo, content, metadata, requestReply, silent };
}

function copiedFields(fields: Message["metadata"]): Message["metadata"] {
  const entries = Object.entries(fields);
  if (entries.length === 0) {
    return noMetadata;
  }

  const copy: Message["metadata"] = {};
  for (const [name, value] of entries) {
    copy[name] = typeof value === "object" && value !== null ? structuredClone(value) : value;
  }

  return copy;
}
