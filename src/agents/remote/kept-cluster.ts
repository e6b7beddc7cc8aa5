import { problemOf } from "../ports/problem-of.ts";
import type { ClusterShares, ClusterState, ConnectStep } from "../protocol/cluster-state.ts";
import type { Cluster } from "./cluster.ts";
import type { LinkState } from "./cluster-link.ts";
import type { GatewayStatus } from "./gateway.ts";
import { unlessAborted } from "./pause.ts";

export interface KeptClusterParts {
  /** Of the dashboard. */
  readonly address: string;
  /** Makes the connection. @throws AgentError `remote.*` */
  readonly connect: (onStep: (step: ConnectStep) => void, signal: AbortSignal) => Promise<Cluster>;
  /** Told each change. `there`: what was said last of what runs there; `null` while not connected. */
  readonly onState: (state: ClusterState, there: GatewayStatus | null) => void;
}

/**
 * One cluster as a window keeps it: connected when somebody needs it, by one connection for all; what is known of it is
 * said at each change.
 */
export class KeptCluster {
  readonly #parts: KeptClusterParts;
  #state: ClusterState;
  #cluster: Cluster | undefined;
  #there: GatewayStatus | null = null;
  #connecting: { readonly made: Promise<Cluster>; readonly stop: AbortController } | undefined;

  constructor(parts: KeptClusterParts) {
    this.#parts = parts;
    this.#state = { status: "off", address: parts.address };
  }

  /** Of the dashboard. */
  get address(): string {
    return this.#parts.address;
  }

  get state(): ClusterState {
    return this.#state;
  }

  /** What was said last of what runs there; `null` while not connected. */
  get there(): GatewayStatus | null {
    return this.#there;
  }

  /** The cluster, where it is connected; its link may just be made again. */
  get current(): Cluster | undefined {
    return this.#cluster;
  }

  /**
   * The cluster, connected; joins a connection that is being made. Who gives up waiting does not end it for others.
   *
   * @throws AgentError `remote.*`; the reason of `signal`
   */
  async connected(signal: AbortSignal): Promise<Cluster> {
    signal.throwIfAborted();
    if (this.#cluster !== undefined) {
      return this.#cluster;
    }
    const made = this.#connect();
    // What comes after somebody gave up is told by the state.
    made.catch(() => undefined);
    return await unlessAborted(made, signal);
  }

  /** Asks what runs there now, where the link stands. @throws AgentError `remote.*` */
  async refresh(signal: AbortSignal): Promise<void> {
    const cluster = this.#cluster;
    if (cluster?.link.state.phase !== "up") {
      return;
    }
    const there = await cluster.gateway.status(signal);
    if (this.#cluster === cluster && this.#isUp()) {
      this.#there = there;
      this.#say(upState(this.#parts.address, there));
    }
  }

  /** Ends the connection, or the making of one. What runs on the cluster goes on. */
  async leave(): Promise<void> {
    this.#connecting?.stop.abort(new DOMException("The cluster was disconnected.", "AbortError"));
    await this.#connecting?.made.catch(() => undefined);
    const cluster = this.#cluster;
    this.#cluster = undefined;
    this.#there = null;
    await cluster?.close();
    this.#say({ status: "off", address: this.#parts.address });
  }

  #connect(): Promise<Cluster> {
    if (this.#connecting === undefined) {
      const stop = new AbortController();
      const made = this.#connectOnce(stop.signal).finally(() => {
        this.#connecting = undefined;
      });
      this.#connecting = { made, stop };
    }
    return this.#connecting.made;
  }

  async #connectOnce(signal: AbortSignal): Promise<Cluster> {
    const { address, connect } = this.#parts;
    this.#say({ status: "connecting", address, step: "looking" });
    let cluster: Cluster | undefined;
    try {
      cluster = await connect((step) => this.#say({ status: "connecting", address, step }), signal);
      this.#there = await cluster.gateway.status(signal);
      signal.throwIfAborted();
    } catch (error) {
      await cluster?.close();
      this.#there = null;
      this.#say(signal.aborted ? { status: "off", address } : { status: "failed", address, problem: problemOf(error) });
      throw error;
    }
    this.#keep(cluster, this.#there);
    return cluster;
  }

  #keep(cluster: Cluster, there: GatewayStatus): void {
    this.#cluster = cluster;
    cluster.link.onState((link) => {
      if (this.#cluster === cluster) {
        this.#follow(link);
      }
    });
    this.#say(upState(this.#parts.address, there));
    // What happened while its state was asked for.
    if (cluster.link.state.phase !== "up") {
      this.#follow(cluster.link.state);
    }
  }

  #follow(link: LinkState): void {
    const { address } = this.#parts;
    switch (link.phase) {
      case "up":
        if (this.#there !== null) {
          this.#say(upState(address, this.#there));
        }
        // Where that fails the link says why.
        this.refresh(AbortSignal.timeout(refreshTimeoutMs)).catch(() => undefined);
        return;
      case "reconnecting":
        return this.#say({ status: "reconnecting", address, since: link.since, reason: link.reason });
      case "down":
        this.#cluster = undefined;
        this.#there = null;
        return this.#say(
          link.problem === null
            ? { status: "off", address }
            : { status: "failed", address, problem: problemOf(link.problem) },
        );
    }
  }

  #isUp(): boolean {
    return this.#cluster?.link.state.phase === "up";
  }

  #say(state: ClusterState): void {
    this.#state = state;
    this.#parts.onState(state, this.#there);
  }
}

const refreshTimeoutMs = 10_000;

function upState(address: string, { nodes, available, children }: GatewayStatus): ClusterState {
  const sum = (of: (node: GatewayStatus["nodes"][number]) => number): number =>
    nodes.reduce((total, node) => total + of(node), 0);
  const shares: ClusterShares = {
    cpus: sum(({ cpus }) => cpus),
    gpus: sum(({ gpus }) => gpus),
    memoryBytes: sum(({ memoryBytes }) => memoryBytes),
  };
  const free: ClusterShares = {
    cpus: available["CPU"] ?? 0,
    gpus: available["GPU"] ?? 0,
    memoryBytes: available["memory"] ?? 0,
  };
  const custom = [...new Set(nodes.flatMap(({ resources }) => Object.keys(resources)))].toSorted();
  const machines = nodes.map(({ cpus, gpus, memoryBytes, resources }) => ({
    cpus,
    gpus,
    memoryBytes,
    custom: resources,
  }));
  return { status: "up", address, machines, ...shares, free, custom, children: children.length };
}
