import { commands } from "vscode";

/** Opens the settings of the product. @param query Words to look for in them; empty for all. */
export async function openSettings(query: string): Promise<void> {
  await commands.executeCommand("workbench.action.openSettings", `@ext:byzer.byzer-agent ${query}`.trim());
}
