import { join } from "node:path";
import { parseArgs } from "node:util";
import { AgentError } from "../base/errors.ts";
import { ConversationMemory } from "../memory/conversation-memory.ts";
import { MemoryFolder } from "../memory/memory-folder.ts";
import { readSessions } from "../memory/read-sessions.ts";
import type { FoundTurn } from "../protocol/page.ts";
import { maskKeys } from "../retrieval/parse/mask-keys.ts";
import { SessionStore } from "../sessions/session-store.ts";
import type { CommandStreams } from "./command-streams.ts";
import { untilInterrupted } from "./interruption.ts";
import { jsonLine } from "./json-line.ts";
import { openPassageIndex } from "./open-passage-index.ts";
import { sessionsFolder } from "./question-command.ts";

const options = {
  sessions: { type: "string" },
  all: { type: "boolean", default: false },
  yes: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

const usage = "byzer memory search WORDS, or byzer memory forget (SESSION… | --all --yes)";

type Values = ReturnType<typeof parse>["values"];

/** `byzer memory`: searches what was asked and found in the sessions of the command line, and forgets it. */
export async function memoryCommand(args: readonly string[], streams: CommandStreams): Promise<void> {
  const { values, positionals } = parse(args);
  const [action, ...rest] = positionals;
  if (action === "search") {
    await search(rest.join(" ").trim(), values, streams);
  } else if (action === "forget") {
    await forget(rest, values, streams);
  } else {
    throw new AgentError("cli.usage", { argument: action ?? "" }, `Say what to do: ${usage}`);
  }
}

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

async function search(text: string, values: Values, streams: CommandStreams): Promise<void> {
  if (text === "") {
    throw new AgentError("cli.usage", { argument: "WORDS" }, `Say what to look for: ${usage}`);
  }

  const turns = await withMemory(values, (memory) => untilInterrupted((signal) => memory.find(text, signal)));
  if (values.json) {
    streams.out(jsonLine({ turns }));
  } else if (turns.length === 0) {
    streams.err("No earlier conversation has to do with that.\n");
  } else {
    streams.out(turns.map(lineOf).join("\n"));
  }
}

function lineOf({ sessionId, title, question, at, excerpt }: FoundTurn): string {
  const day = at === null ? "" : `${new Date(at).toISOString().slice(0, 10)}  `;
  return `${day}${question}\n  ${excerpt}\n  ${title === question ? "" : `${title}, `}session ${sessionId}\n`;
}

/** A session that is forgotten stays where it is; nothing of it is remembered any more. */
async function forget(sessionIds: readonly string[], values: Values, streams: CommandStreams): Promise<void> {
  if ((sessionIds.length === 0) !== values.all) {
    throw new AgentError("cli.usage", { argument: "SESSION" }, `Name sessions, or say --all: ${usage}`);
  }

  if (values.all && !values.yes) {
    const message = "Everything that was asked until now would be forgotten, for good. Say --yes if it shall be.";
    throw new AgentError("cli.usage", { argument: "--yes" }, message);
  }

  await withMemory(values, async (memory, store) => {
    if (values.all) {
      await memory.forgetAll();
      return;
    }

    for (const id of sessionIds) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await store.remember(id, false);
      // oxlint-disable-next-line no-await-in-loop
      await memory.forget(id);
    }
  });
  const forgotten = values.all ? "all" : sessionIds;
  streams.out(values.json ? jsonLine({ forgotten }) : "Forgotten.\n");
}

/** What is remembered lies beside the sessions, in a folder that is none of them. */
async function withMemory<T>(
  values: Values,
  work: (memory: ConversationMemory, store: SessionStore) => Promise<T>,
): Promise<T> {
  const sessions = sessionsFolder(values.sessions);
  const folder = join(sessions, ".memory");
  const index = openPassageIndex({ folder: new MemoryFolder(folder).index });
  const memory = new ConversationMemory({
    folder,
    sessions,
    isOn: () => true,
    index,
    read: async (reading) => await readSessions(reading, (text) => maskKeys(text).text),
  });
  try {
    return await work(memory, new SessionStore(sessions));
  } finally {
    await index.dispose();
  }
}
