import type { Memento } from "vscode";

const key = "byzer.clusterEnds";

/** Something of ours on a cluster that is to end as soon as that is reached. */
export interface LaterEnd {
  /** Of the dashboard. */
  readonly address: string;
  readonly kind: string;
  readonly name: string;
}

/** What this workspace wants to end on a cluster. */
export function laterEnds(state: Memento, address: string): readonly LaterEnd[] {
  return allEnds(state).filter((end) => end.address === address);
}

/** Keeps that something is to end. */
export async function endLater(state: Memento, end: LaterEnd): Promise<void> {
  await state.update(key, [...allEnds(state).filter((other) => !isSame(other, end)), end]);
}

/** It has ended. */
export async function forgetEnd(state: Memento, end: LaterEnd): Promise<void> {
  await state.update(
    key,
    allEnds(state).filter((other) => !isSame(other, end)),
  );
}

function allEnds(state: Memento): readonly LaterEnd[] {
  return state.get<readonly LaterEnd[]>(key, []);
}

function isSame(some: LaterEnd, other: LaterEnd): boolean {
  return some.address === other.address && some.kind === other.kind && some.name === other.name;
}
