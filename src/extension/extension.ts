import type { ExtensionContext } from "vscode";
import { contributions } from "./contributions/index.ts";
import { type Services, createServices } from "./services.ts";

let running: Services | undefined;

/** Starts every contribution; one that fails is logged and the others still start. */
export function activate(context: ExtensionContext): void {
  const services = createServices(context);
  running = services;
  for (const contribution of contributions) {
    try {
      context.subscriptions.push(contribution.activate(services));
    } catch (error) {
      services.log.error(`${contribution.name} did not start`, error);
    }
  }
}

/** Ends what runs and writes what is not on disk yet; the editor waits a few seconds for it. */
export async function deactivate(): Promise<void> {
  await running?.desk.close();
  running = undefined;
}
