import { type Disposable, EventEmitter, type ExtensionContext, type LogOutputChannel } from "vscode";
import type { Cluster } from "../../agents/remote/cluster.ts";
import type { ClusterState } from "../../agents/protocol/cluster-state.ts";
import type { GatewayStatus } from "../../agents/remote/gateway.ts";
import type { EndpointActions } from "../models/endpoint-actions.ts";
import type { ClusterHouse } from "./cluster-house.ts";
import type * as bundle from "./ray-bundle.ts";
import { namedCluster } from "./named-cluster.ts";

export type RayFunctions = typeof bundle;

export interface ClusterDeskParts {
  readonly context: Pick<
    ExtensionContext,
    "extensionUri" | "globalState" | "globalStorageUri" | "secrets" | "workspaceState"
  >;
  readonly log: LogOutputChannel;
  /** Where models are looked for: those that are deployed on the cluster are added. */
  readonly endpoints: Pick<EndpointActions, "forget" | "keep" | "use">;
}

/**
 * The cluster of this workspace: which it is, how it is, and what can be done with it. Nothing is loaded, and nothing is
 * asked of any cluster, before somebody needs it.
 */
export class ClusterDesk implements Disposable {
  readonly #parts: ClusterDeskParts;
  readonly #changes = new EventEmitter<ClusterState>();
  #state: ClusterState;
  #there: GatewayStatus | null = null;
  #opening: Promise<ClusterHouse> | undefined;

  readonly onChange = this.#changes.event;

  constructor(parts: ClusterDeskParts) {
    this.#parts = parts;
    const named = namedCluster(parts.context.workspaceState);
    this.#state = named === undefined ? { status: "none" } : { status: "off", address: named };
  }

  get state(): ClusterState {
    return this.#state;
  }

  /** What was said last of what runs on the cluster; `null` while it is not connected. */
  get there(): GatewayStatus | null {
    return this.#there;
  }

  /**
   * The cluster, connected; joins a connection that is being made. While the link is cut it is the same cluster, whose
   * channels go on when it is made again.
   *
   * @throws AgentError `remote.*`: `remote.none-named` where the person has named none, `remote.untrusted`
   */
  async connected(signal: AbortSignal): Promise<Cluster> {
    return await (await this.#open()).connected(signal);
  }

  /**
   * Connects, and asks for its token where that is needed.
   *
   * @param address The person is asked for it where it is left out. @throws AgentError `remote.*`
   */
  async connect(address?: string): Promise<void> {
    await (await this.#open()).connect(address);
  }

  /** Ends the link; what runs on the cluster goes on. */
  async disconnect(): Promise<void> {
    await (await this.#open()).disconnect();
  }

  /** Removes everything of ours from the cluster, when the person says yes to that. @throws AgentError `remote.*` */
  async remove(): Promise<void> {
    await (await this.#open()).remove();
  }

  /** Starts a cluster of this machine and connects to it. @throws AgentError `remote.*`, `python.*` */
  async startLocal(): Promise<void> {
    await (await this.#open()).startLocal();
  }

  /** Ends the cluster of this machine. */
  async stopLocal(): Promise<void> {
    await (await this.#open()).stopLocal();
  }

  /** Shows how the cluster is, what of ours runs there, and what can be done. */
  async showStatus(): Promise<void> {
    await (await this.#open()).showStatus();
  }

  /**
   * Lets the person deploy a model on the cluster, or use or remove one that is there.
   *
   * @param name Of one that is there; the person is asked where it is left out. @throws AgentError `remote.*`
   */
  async deployModel(name?: string): Promise<void> {
    await (await this.#open()).deployModel(name);
  }

  /**
   * Ends something of ours on a cluster: now where it is connected, else as soon as it is.
   *
   * @param cluster Address of its dashboard; that of the workspace's cluster where left out.
   */
  async end(kind: string, name: string, cluster?: string): Promise<void> {
    await (await this.#open()).end(kind, name, cluster);
  }

  /** Asks how the cluster is now, where it is connected; {@link onChange} tells. @throws AgentError `remote.*` */
  async refresh(): Promise<void> {
    if (this.#state.status === "up") {
      await (await this.#open()).refresh();
    }
  }

  /** Functions that need no connection. */
  functions(): Promise<RayFunctions> {
    return import("./ray-bundle.ts");
  }

  /** Leaves the cluster with the window; resolves when it knows. */
  async close(): Promise<void> {
    // That it could not be opened has been told.
    const house = await this.#opening?.catch(() => undefined);
    await house?.close();
  }

  dispose(): void {
    this.#changes.dispose();
    void this.close();
  }

  #open(): Promise<ClusterHouse> {
    // What failed is tried again by whoever comes next.
    this.#opening ??= this.#load().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #load(): Promise<ClusterHouse> {
    const { ClusterHouse: House } = await this.functions();
    return new House({
      ...this.#parts,
      onState: (state, there) => {
        this.#state = state;
        this.#there = there;
        this.#changes.fire(state);
      },
    });
  }
}
