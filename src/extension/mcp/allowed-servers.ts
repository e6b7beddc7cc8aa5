import type { Memento } from "vscode";

const key = "byzer.mcpServers";

/** Marks of the definitions of this workspace's servers that the person said yes to. */
export function allowedServers(state: Memento): readonly string[] {
  return state.get<readonly string[]>(key, []);
}

/** Puts others in their place. */
export async function setAllowedServers(state: Memento, marks: readonly string[]): Promise<void> {
  await state.update(key, marks);
}
