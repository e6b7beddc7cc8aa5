import type { Memento } from "vscode";

const key = "byzer.cluster";

/** Address of the dashboard of the cluster that the person named for a workspace; `undefined` where none was named. */
export function namedCluster(state: Memento): string | undefined {
  return state.get<string>(key);
}

/** Names another one for the workspace; `undefined`: none. */
export async function nameCluster(state: Memento, address: string | undefined): Promise<void> {
  await state.update(key, address);
}
