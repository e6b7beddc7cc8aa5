import type { ExtensionContext } from "vscode";
import type { ByzerAgentApi } from "./api/api-types.ts";
import { contributions } from "./contributions/index.ts";
import { type Services, createServices } from "./services.ts";

let running: Services | undefined;

/**
 * Starts every contribution; one that fails is logged and the others still start.
 *
 * @returns What other extensions get.
 */
export function activate(context: ExtensionContext): ByzerAgentApi {
  const services = createServices(context);
  running = services;
  for (const contribution of contributions) {
    try {
      context.subscriptions.push(contribution.activate(services));
    } catch (error) {
      services.log.error(`${contribution.name} did not start`, error);
    }
  }
  return services.api;
}

/** Ends what runs and writes what is not on disk yet; the editor waits a few seconds for it. */
export async function deactivate(): Promise<void> {
  await running?.desk.close();
  await running?.agents.close();
  await running?.mcp.close();
  await running?.cluster.close();
  running = undefined;
}
