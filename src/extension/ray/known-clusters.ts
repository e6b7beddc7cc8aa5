import type { Memento } from "vscode";

const key = "byzer.clusters";
const most = 10;

/** Addresses of the clusters that the person said yes to, in any workspace, the last one first. */
export function knownClusters(state: Memento): readonly string[] {
  return state.get<readonly string[]>(key, []);
}

/** Keeps that the person said yes to one. */
export async function keepKnown(state: Memento, address: string): Promise<void> {
  await state.update(key, [address, ...knownClusters(state).filter((other) => other !== address)].slice(0, most));
}

/** One that is forgotten is asked about again. */
export async function forgetKnown(state: Memento, address: string): Promise<void> {
  await state.update(
    key,
    knownClusters(state).filter((other) => other !== address),
  );
}
