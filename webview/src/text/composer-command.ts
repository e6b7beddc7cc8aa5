/** The agents a person may call by name. */
export const callableAgents = ["assistant_agent", "visualization_agent"] as const;
export type CallableAgent = (typeof callableAgents)[number];

const commands: Readonly<Record<string, CallableAgent>> = {
  "/plot": "visualization_agent",
  "/ask": "assistant_agent",
};

/** What will be sent: the question, and the agent that was called for. */
export interface Sending {
  readonly text: string;
  readonly agent: CallableAgent | null;
}

/** Reads `/plot`, `/ask` or `@agent` at the start of a draft; anything else is the question. */
export function readDraft(draft: string): Sending {
  const text = draft.trim();
  const [, word = "", rest = ""] = /^([/@]\S+)\s*([\s\S]*)$/u.exec(text) ?? [];
  const agent = commands[word] ?? callableAgents.find((name) => `@${name}` === word);
  return agent === undefined ? { text, agent: null } : { text: rest.trim(), agent };
}

/** One line of the completion popup. */
export interface Completion {
  readonly insert: string;
  readonly describes: "plot" | "ask" | CallableAgent;
}

const completions: readonly Completion[] = [
  { insert: "/plot", describes: "plot" },
  { insert: "/ask", describes: "ask" },
  ...callableAgents.map((name) => ({ insert: `@${name}`, describes: name })),
];

/** What the word at the start of the draft may become; empty when the caret is past it or it is complete. */
export function completionsFor(draft: string, caret: number): readonly Completion[] {
  const typed = /^[/@]\S*/u.exec(draft)?.[0];
  return typed === undefined || caret > typed.length
    ? []
    : completions.filter(({ insert }) => insert.startsWith(typed) && insert !== typed);
}
