import type { Message } from "../../protocol/message.ts";
import type { Said } from "./recorded-run.ts";

/** What a person puts in the place of one message of a run. */
export interface Change {
  /** The message as it was. */
  readonly before: Message;
  /** Its new words. */
  readonly content: string;
}

/** The message with other words, also where its metadata repeat them: code that is to be run, words to search for. */
export function changedMessage(message: Message, { before, content }: Change): Message {
  return { ...message, content, metadata: { ...message.metadata, ...changedMetadata(before, content) } };
}

/** An answer with other words, and with what is to be read from them: how code ended, and what a reviewer found. */
export function changedReply(reply: Message, { content }: Change): Message {
  const { status, verdict } = reply.metadata;
  const exitCode = /^exitcode: (-?\d+)/mu.exec(content)?.[1];
  const found = /^\s*(approve|reject)/iu.exec(content)?.[1]?.toLowerCase();
  const ended = exitCode === "0" ? "ok" : status === "ok" ? "error" : status;
  return {
    ...reply,
    content,
    metadata: {
      ...reply.metadata,
      ...(status === undefined || exitCode === undefined ? {} : { status: ended ?? null }),
      ...(verdict === undefined || found === undefined
        ? {}
        : { verdict: found === "approve" ? "approved" : "rejected" }),
    },
  };
}

/**
 * What a model said, with the changed words where it had written those of the message: what it then reads of itself is what
 * was sent.
 */
export function changedSaying({ text, toolCalls }: Said, { before, content }: Change): Said {
  const changes = replacements(before, content);
  return {
    text: changes.find(([old]) => old === text)?.[1] ?? withCode(text, changes),
    toolCalls: toolCalls.map((call) => ({ ...call, arguments: changedArguments(call.arguments, changes) })),
  };
}

/** Models that cannot call tools write code between fences. */
function withCode(text: string, changes: readonly Replacement[]): string {
  const [code, now] = changes.length > 1 ? (changes[0] ?? ["", ""]) : ["", ""];
  return code === "" || !text.includes("```") ? text : text.replace(code, () => now);
}

type Replacement = readonly [before: string, now: string];

/** Code goes first: it stands within the words. */
function replacements(before: Message, content: string): readonly Replacement[] {
  const code = before.metadata["code"];
  const changed = changedMetadata(before, content)["code"];
  return [
    ...(typeof code === "string" && typeof changed === "string" ? [[code, changed] as const] : []),
    [before.content, content],
  ];
}

function changedMetadata({ content: old, metadata }: Message, content: string): { readonly [key: string]: string } {
  const { code, searchQuery } = metadata;
  const written = fencedCode(old);
  return {
    ...(typeof code === "string" && (written === null || written === code.trim())
      ? { code: fencedCode(content) ?? content }
      : {}),
    ...(searchQuery === old ? { searchQuery: content } : {}),
  };
}

/** The code between the first fence and the last; `null` where there is none. */
function fencedCode(text: string): string | null {
  return /(?:^|\n)```[^\n`]*\n([^]*)\n?```\s*$/u.exec(text)?.[1]?.trim() ?? null;
}

function changedArguments(written: string, changes: readonly Replacement[]): string {
  try {
    const input: unknown = JSON.parse(written);
    if (typeof input !== "object" || input === null || Array.isArray(input)) {
      return written;
    }

    const changed = Object.entries(input).map(([key, value]: [string, unknown]) => {
      return [key, changes.find(([old]) => old === value)?.[1] ?? value] as const;
    });
    return JSON.stringify(Object.fromEntries(changed));
  } catch {
    return written;
  }
}
