/** `error`: the file makes no agent. `warning`: it does, and something in it will not be as written. `hint`: advice. */
export type AgentFileSeverity = "error" | "warning" | "hint";

/** A way to put a problem right: `text` in the place of the problem. */
export interface AgentFileFix {
  readonly text: string;
}

/** Something wrong in the file of an agent or of a group, and where. */
export interface AgentFileProblem {
  /** Of `agentFileText`, which says it in words. */
  readonly code: string;
  readonly severity: AgentFileSeverity;
  /** What the sentence names, such as the key. */
  readonly values: { readonly [name: string]: string };
  /** In English. */
  readonly message: string;
  /** UTF-16 offsets into the text of the file; `end` is behind the last character. */
  readonly start: number;
  readonly end: number;
  /** The start, counted from 1. */
  readonly line: number;
  readonly column: number;
  /** The end, counted from 1. */
  readonly endLine: number;
  readonly endColumn: number;
  readonly fixes: readonly AgentFileFix[];
}
