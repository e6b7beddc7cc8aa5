import type { Disposable, ExtensionContext, LogOutputChannel } from "vscode";
import type { Registrations } from "../../agents/byzer-agent/extension-agents.ts";
import { ToolRack } from "../../agents/directory/tool-rack.ts";
import type { DeclaredRoom } from "../declared/declared-room.ts";
import { Disposables } from "../platform/disposables.ts";
import type * as bundle from "./agent-bundle.ts";
import type { AgentHouse } from "./agent-house.ts";
import { AgentOutput } from "./agent-output.ts";
import { CodeTrustDesk } from "./code-trust.ts";

type Bundle = typeof bundle;

export interface AgentRoomParts {
  readonly context: Pick<ExtensionContext, "extensionUri" | "workspaceState">;
  readonly log: LogOutputChannel;
  readonly registrations: Registrations;
  readonly declared: DeclaredRoom;
}

/**
 * The agents of this workspace that run code, of files and of other extensions. Nothing of it is loaded before there is
 * one, or before somebody wants to know.
 */
export class AgentRoom implements Disposable {
  /** The tools that they bring. */
  readonly shelf = new ToolRack();
  readonly output: AgentOutput;
  readonly trust: CodeTrustDesk;
  readonly #parts: AgentRoomParts;
  readonly #owned = new Disposables();
  #paths: readonly string[] = [];
  #opening: Promise<AgentHouse> | undefined;
  #house: AgentHouse | undefined;
  #closed = false;

  constructor(parts: AgentRoomParts) {
    this.#parts = parts;
    this.output = this.#owned.add(new AgentOutput());
    this.trust = this.#owned.add(new CodeTrustDesk(parts.context.workspaceState));
    const { declared, registrations } = parts;
    this.#owned.add(declared.onPaths(({ code }) => this.#found(code)));
    this.#owned.add({ dispose: registrations.onChange(() => declared.isOpen && this.#openSoon()) });
  }

  /** Everyone who runs code; made once. Resolves when the agents that may run have started, or cannot. */
  async open(): Promise<AgentHouse> {
    await this.#parts.declared.open();
    // What failed is tried again by whoever comes next.
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** Functions that need nothing made before. */
  functions(): Promise<Bundle> {
    return import("./agent-bundle.ts");
  }

  /** Ends all processes of agents. */
  async close(): Promise<void> {
    this.#closed = true;
    // That it could not be opened has been told.
    const house = await this.#opening?.catch(() => undefined);
    await house?.close();
  }

  dispose(): void {
    this.#owned.dispose();
    void this.close();
  }

  #found(paths: readonly string[]): void {
    this.#paths = paths;
    if (this.#house !== undefined) {
      void this.#house.look(paths);
    } else if (paths.length + this.#parts.registrations.agents.length + this.#parts.registrations.tools.length > 0) {
      this.#openSoon();
    }
  }

  #openSoon(): void {
    this.open().catch((error: unknown) => this.#parts.log.error("Agents in code could not be opened", error));
  }

  async #open(): Promise<AgentHouse> {
    const { openAgentHouse } = await this.functions();
    const { context, ...parts } = this.#parts;
    const { shelf, output, trust } = this;
    const house = openAgentHouse({ ...parts, shelf, output, trust, extensionUri: context.extensionUri });
    if (this.#closed) {
      await house.close();
      return house;
    }
    this.#house = house;
    await house.look(this.#paths);
    return house;
  }
}
