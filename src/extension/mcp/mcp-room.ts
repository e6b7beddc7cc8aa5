import type { Disposable, LogOutputChannel, Memento } from "vscode";
import type { AgentError } from "../../agents/base/errors.ts";
import type { ToolRack } from "../../agents/directory/tool-rack.ts";
import type { Tool } from "../../agents/ports/tool.ts";
import type { DeclaredRoom } from "../declared/declared-room.ts";
import { Disposables } from "../platform/disposables.ts";
import { allowedServers } from "./allowed-servers.ts";
import type { McpHouse } from "./mcp-house.ts";

export interface McpRoomParts {
  /** Keeps which servers of this workspace the person said yes to. */
  readonly state: Memento;
  readonly log: LogOutputChannel;
  readonly declared: DeclaredRoom;
  /** Where the tools are put. */
  readonly shelf: ToolRack;
}

/**
 * Tools of MCP servers, and those that the editor knows. Nothing is read before agents of the workspace are looked for, and
 * no server is started or contacted before an agent needs it.
 */
export class McpRoom implements Disposable {
  readonly #parts: McpRoomParts;
  readonly #owned = new Disposables();
  #opening: Promise<McpHouse> | undefined;
  #house: McpHouse | undefined;

  constructor(parts: McpRoomParts) {
    const { declared, shelf, log } = parts;
    this.#parts = parts;
    this.#owned.add({ dispose: shelf.add(this) });
    this.#owned.add(
      declared.onPaths(() => {
        this.#open().catch((error: unknown) => log.error("MCP servers could not be looked for", error));
      }),
    );
  }

  get tools(): readonly Tool[] {
    return this.#house?.tools ?? [];
  }

  /** Reaches the servers that `names` mention. @returns Why those that cannot be reached cannot. */
  async prepare(names: readonly string[], signal: AbortSignal): Promise<readonly AgentError[]> {
    // Names of other tools have neither.
    const others = names.filter((name) => name.includes("/") || name.includes(":"));
    return others.length === 0 ? [] : await (await this.#open()).prepare(others, signal);
  }

  /** How many servers of this workspace the person said yes to. */
  get allowed(): number {
    return allowedServers(this.#parts.state).length;
  }

  /** Takes back which servers of this workspace may be used. */
  async forget(): Promise<void> {
    await (await this.#open()).forget();
  }

  /** Ends all servers. */
  async close(): Promise<void> {
    // That they could not be looked for has been told.
    const house = await this.#opening?.catch(() => undefined);
    await house?.close();
  }

  dispose(): void {
    this.#owned.dispose();
    void this.close();
  }

  #open(): Promise<McpHouse> {
    // What failed is tried again by whoever comes next.
    this.#opening ??= this.#load().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #load(): Promise<McpHouse> {
    const { openMcpHouse } = await import("./mcp-bundle.ts");
    this.#house = await openMcpHouse(this.#parts);
    return this.#house;
  }
}
