import type { FoundFile } from "../../../src/agents/protocol/page.ts";

/** The agents a person may call by name. */
export const callableAgents = ["assistant_agent", "visualization_agent", "retrieval_agent"] as const;
export type CallableAgent = (typeof callableAgents)[number];

const commands: Readonly<Record<string, CallableAgent>> = {
  "/plot": "visualization_agent",
  "/ask": "assistant_agent",
  "/files": "retrieval_agent",
};

/** What will be sent: the question, and the agent that was called for. */
export interface Sending {
  readonly text: string;
  readonly agent: CallableAgent | null;
}

/** Reads `/plot`, `/ask`, `/files` or `@agent` at the start of a draft; anything else is the question. */
export function readDraft(draft: string): Sending {
  const text = draft.trim();
  const [, word = "", rest = ""] = /^([/@]\S+)\s*([\s\S]*)$/u.exec(text) ?? [];
  const agent = commands[word] ?? callableAgents.find((name) => `@${name}` === word);
  return agent === undefined ? { text, agent: null } : { text: rest.trim(), agent };
}

/** One line of the completion popup, and what picking it does to the draft. */
export interface Completion {
  /** What stands in the draft afterwards, in place of what is between `from` and `to`; empty where nothing does. */
  readonly insert: string;
  /** As the popup calls it. */
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly describes: "plot" | "ask" | "files" | CallableAgent | FoundFile;
}

const completions: readonly Pick<Completion, "insert" | "describes">[] = [
  { insert: "/plot", describes: "plot" },
  { insert: "/ask", describes: "ask" },
  { insert: "/files", describes: "files" },
  ...callableAgents.map((name) => ({ insert: `@${name}`, describes: name })),
];

/** What the word at the start of the draft may become; empty when the caret is past it or it is complete. */
export function completionsFor(draft: string, caret: number): readonly Completion[] {
  const typed = /^[/@]\S*/u.exec(draft)?.[0];
  return typed === undefined || caret > typed.length
    ? []
    : completions
        .filter(({ insert }) => insert.startsWith(typed) && insert !== typed)
        .map((completion) => ({ ...completion, label: completion.insert, from: 0, to: typed.length }));
}

/** A file that is being named at the caret, after an `@` that begins a word. */
export interface FileQuery {
  readonly text: string;
  /** Where the `@` stands, and where the word ends. */
  readonly from: number;
  readonly to: number;
}

/** What is being typed of a file's name; `null` where nothing is. */
export function fileQueryAt(draft: string, caret: number): FileQuery | null {
  const text = /(?<=^|[\s(（，、。：“"])@([^\s@]*)$/u.exec(draft.slice(0, caret))?.[1];
  if (text === undefined) {
    return null;
  }

  const rest = /^[^\s@]*/u.exec(draft.slice(caret))?.[0] ?? "";
  return { text: text + rest, from: caret - text.length - 1, to: caret + rest.length };
}

/** The files, folders and workspaces that a name may become. A workspace is asked about without being named. */
export function fileCompletions(query: FileQuery, files: readonly FoundFile[]): readonly Completion[] {
  const { from, to } = query;
  return files.map((file) =>
    file.kind === "workspace"
      ? { insert: "", label: "@workspace", from, to, describes: file }
      : { insert: file.name, label: file.name, from, to, describes: file },
  );
}

/** A draft after a completion was picked, and where its caret then stands. */
export function completed(
  draft: string,
  { insert, from, to }: Pick<Completion, "insert" | "from" | "to">,
): { readonly draft: string; readonly caret: number } {
  const rest = draft.slice(to).replace(/^[ \t]/u, "");
  const named = insert === "" ? "" : `${insert} `;
  return { draft: `${draft.slice(0, from)}${named}${rest}`, caret: from + named.length };
}
