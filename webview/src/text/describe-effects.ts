import { type CodeEffect, isRiskyEffect } from "../../../src/agents/protocol/cell-output.ts";
import type { Strings } from "../strings/en.ts";

const kindOrder: readonly CodeEffect["kind"][] = [
  "read-file",
  "write-file",
  "delete-file",
  "change-data",
  "process",
  "network",
  "dynamic-code",
  "environment",
];

/** What code would do, in plain words. */
export interface EffectsLine {
  readonly text: string;
  readonly risky: boolean;
}

/** One line for all effects of a cell, each thing named once. */
export function describeEffects(effects: readonly CodeEffect[], strings: Strings): EffectsLine {
  const named = (kind: CodeEffect["kind"]): string =>
    [...new Set(effects.filter((effect) => effect.kind === kind).map((effect) => shortDetail(effect.detail)))].join(
      strings.listSeparator,
    );
  const say: Record<CodeEffect["kind"], (list: string) => string> = {
    "read-file": strings.effectReads,
    "write-file": strings.effectWrites,
    "delete-file": strings.effectDeletes,
    "change-data": strings.effectChanges,
    process: strings.effectProcess,
    network: strings.effectNetwork,
    "dynamic-code": strings.effectDynamic,
    environment: strings.effectEnvironment,
  };
  const kinds = kindOrder.filter((kind) => effects.some((effect) => effect.kind === kind));
  if (kinds.length === 0) {
    return { text: strings.effectsNone, risky: false };
  }

  const parts = kinds.map((kind) => say[kind](named(kind)));
  const risky = effects.some(isRiskyEffect);
  return { text: (risky ? parts : [...parts, strings.effectWritesNothing]).join(strings.listSeparator), risky };
}

/** A path as its last two parts; anything else as written, cut at 80 characters. */
function shortDetail(detail: string): string {
  const isPath = /^(?:[A-Za-z]:)?[\\/]/u.test(detail);
  const shown = isPath ? detail.split(/[\\/]/u).slice(-2).join("/") : detail;
  return shown.length > 80 ? `${shown.slice(0, 79)}…` : shown;
}
