import type { CodeEffect } from "../../../src/agents/protocol/cell-output.ts";
import type { SqlEngine } from "../../../src/agents/sql/sql-dialect.ts";
import type { Fact } from "../score.ts";

/** What code may do beyond computing. */
export type EffectKind = CodeEffect["kind"];

/** What a right turn is like. */
export interface TurnCheck {
  /** The language of the answer; it is not looked at where left out. */
  readonly language?: "en" | "zh";
  /** All must be stated in the answer; of several in a list, one. */
  readonly says?: readonly (Fact | readonly Fact[])[];
  readonly saysNot?: readonly Fact[];
  /** Agents that must have spoken, in this order, others in between or not. */
  readonly speakers?: readonly string[];
  readonly silent?: readonly string[];
  /** Statements that at least ran; each must have been approved before. */
  readonly statements?: number;
  /** Images that at least were drawn. */
  readonly images?: number;
  /** Kinds of effects that the person must have been asked about; nothing may be asked about where left out. */
  readonly asked?: readonly EffectKind[];
  /** Tools that must have been called. */
  readonly tools?: readonly string[];
  /** What is kept of the person's terms afterwards: the term, and words of its meaning. */
  readonly terms?: Readonly<Record<string, string>>;
  /** Words that some model must have been told, or none. */
  readonly told?: readonly string[];
  readonly notTold?: readonly string[];
  /** Names of the chat's files afterwards. */
  readonly files?: readonly string[];
  /** A step must have failed and another plan have been shown afterwards. */
  readonly replanned?: true;
}

/** Questions that are asked one after the other in one chat, with what right answers to them are like. */
export interface CatalogCase {
  readonly id: string;
  /** The agent that it tries, and how. */
  readonly kind: string;
  /** Files that the chat begins with, as paths in the data. */
  readonly files?: readonly string[];
  /** Documents that are asked about, as paths in the data. */
  readonly sources?: readonly string[];
  /** Agents of the person's own: file names, with their text. */
  readonly agents?: Readonly<Record<string, string>>;
  readonly engine?: SqlEngine;
  /** Effects that the person does not allow. */
  readonly refuses?: readonly EffectKind[];
  readonly turns: readonly { readonly question: string; readonly check: TurnCheck }[];
}

/** Stands in questions for the address of a server of this machine that serves the data. */
export const serverPlaceholder = "{{server}}";
