import type { FoundFile, NamedAgent } from "../../../src/agents/protocol/page.ts";

/** The agents of the product that a person may call by name. */
const productAgents = ["assistant_agent", "visualization_agent", "retrieval_agent"] as const;
type ProductAgent = (typeof productAgents)[number];

const commands: Readonly<Record<string, ProductAgent>> = {
  "/plot": "visualization_agent",
  "/ask": "assistant_agent",
  "/files": "retrieval_agent",
};

/** What will be sent: the question, and the agent that was called for. */
export interface Sending {
  readonly text: string;
  readonly agent: string | null;
}

/**
 * Reads `/plot`, `/ask`, `/files` or `@agent` at the start of a draft; anything else is the question.
 *
 * @param agents who may be called besides the agents of the product
 */
export function readDraft(draft: string, agents: readonly NamedAgent[]): Sending {
  const text = draft.trim();
  const [, word = "", rest = ""] = /^(\/\S+)\s*([\s\S]*)$/u.exec(text) ?? [];
  const commanded = commands[word];
  if (commanded !== undefined) {
    return { text: rest.trim(), agent: commanded };
  }
  // Chinese puts no space behind a name.
  const [, name = "", asked = ""] = /^@([\p{L}_][\p{L}\p{N}_-]*)(?:\s*[,，:：、]\s*|\s+|$)([\s\S]*)$/u.exec(text) ?? [];
  const called = [...productAgents, ...agents.map((agent) => agent.name)].find((agent) => agent === name);
  return called === undefined ? { text, agent: null } : { text: asked.trim(), agent: called };
}

/** One line of the completion popup, and what picking it does to the draft. */
export interface Completion {
  /** What stands in the draft afterwards, in place of what is between `from` and `to`; empty where nothing does. */
  readonly insert: string;
  /** As the popup calls it. */
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly describes: "plot" | "ask" | "files" | ProductAgent | NamedAgent | FoundFile;
}

const completions: readonly Pick<Completion, "insert" | "describes">[] = [
  { insert: "/plot", describes: "plot" },
  { insert: "/ask", describes: "ask" },
  { insert: "/files", describes: "files" },
  ...productAgents.map((name) => ({ insert: `@${name}`, describes: name })),
];

/**
 * What the word at the start of the draft may become; empty when the caret is past it or it is complete.
 *
 * @param agents who may be called besides the agents of the product
 */
export function completionsFor(draft: string, caret: number, agents: readonly NamedAgent[]): readonly Completion[] {
  const typed = /^[/@]\S*/u.exec(draft)?.[0];
  if (typed === undefined || caret > typed.length) {
    return [];
  }
  const wanted = typed.toLowerCase();
  const own = agents.map((agent) => ({ insert: `@${agent.name}`, describes: agent }));
  return [...own, ...completions]
    .filter(({ insert }) => insert.toLowerCase().startsWith(wanted) && insert !== typed)
    .map((completion) => ({ ...completion, label: completion.insert, from: 0, to: typed.length }));
}

/** Whether a completion names a file, a folder or the workspace. */
export function isFoundFile(describes: Completion["describes"]): describes is FoundFile {
  return typeof describes === "object" && "path" in describes;
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
