import { type Disposable, commands } from "vscode";
import type { CommandId } from "../manifest/commands.ts";
import { Disposables } from "../platform/disposables.ts";
import type { Services } from "../services.ts";

/** One feature: registers itself with the editor and returns what undoes it. */
export interface Contribution {
  readonly name: string;
  activate(services: Services): Disposable;
}

/** What commands do; arguments are whatever the editor or a caller passed and must be checked. */
export type CommandHandlers = { readonly [K in CommandId]?: (...args: readonly unknown[]) => unknown };

/** Registers commands; what one throws is shown to the person, and not thrown into the editor. */
export function registerCommands(services: Services, handlers: CommandHandlers): Disposable {
  const registered = new Disposables();
  for (const [id, handler] of Object.entries(handlers)) {
    const run = async (...args: readonly unknown[]): Promise<unknown> =>
      services.problems.guard(() => handler(...args));
    registered.add(commands.registerCommand(id, run));
  }
  return registered;
}
