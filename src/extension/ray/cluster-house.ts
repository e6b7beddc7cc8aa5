import { EventEmitter, ProgressLocation, commands, l10n, window, workspace } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import type { ClusterState, ConnectStep } from "../../agents/protocol/cluster-state.ts";
import { type Cluster, connectToCluster, removeFromCluster } from "../../agents/remote/cluster.ts";
import { clusterAddress } from "../../agents/remote/cluster-address.ts";
import { type ClusterModel, ClusterModels } from "../../agents/remote/cluster-models.ts";
import type { GatewayStatus } from "../../agents/remote/gateway.ts";
import { KeptCluster } from "../../agents/remote/kept-cluster.ts";
import { findLocalCluster, localClusterFolder, stopLocalCluster } from "../../agents/remote/local-cluster.ts";
import type { CommandId } from "../manifest/commands.ts";
import { Disposables } from "../platform/disposables.ts";
import type { ClusterDeskParts } from "./cluster-desk.ts";
import {
  agreeToConnect,
  agreeToEnd,
  agreeToRemove,
  agreeToStopLocal,
  askCluster,
  askToken,
  withSteps,
} from "./cluster-dialogs.ts";
import { type ClusterAction, showClusterMenu } from "./cluster-menu.ts";
import { clusterPartsOf } from "./cluster-parts.ts";
import { clusterSecrets } from "./cluster-secrets.ts";
import { type ModelDeskParts, deployModel, manageModel } from "./deploy-model.ts";
import { endLater, forgetEnd, laterEnds } from "./ended-later.ts";
import { forgetKnown, keepKnown, knownClusters } from "./known-clusters.ts";
import { ensureLocalCluster } from "./local-cluster-care.ts";
import { nameCluster, namedCluster } from "./named-cluster.ts";

export interface ClusterHouseParts extends ClusterDeskParts {
  /** Told each change. `there`: what was said last of what runs there; `null` while not connected. */
  readonly onState: (state: ClusterState, there: GatewayStatus | null) => void;
}

const refreshEachMs = 30_000;
const callTimeoutMs = 30_000;

/** What the desk does, once it is loaded. */
export class ClusterHouse {
  readonly #parts: ClusterHouseParts;
  readonly #secrets: ReturnType<typeof clusterSecrets>;
  readonly #owned = new Disposables();
  readonly #changes = this.#owned.add(new EventEmitter<void>());
  #kept: KeptCluster | undefined;
  /** The models that were said to be there last. */
  #models: readonly ClusterModel[] = [];
  /** Shows the steps of a connection that the person waits for. */
  #onStep: ((step: ConnectStep) => void) | undefined;

  constructor(parts: ClusterHouseParts) {
    this.#parts = parts;
    this.#secrets = clusterSecrets(parts.context.secrets);
    const named = namedCluster(parts.context.workspaceState);
    this.#kept = named === undefined ? undefined : this.#keep(named);
    const timer = setInterval(() => this.#refreshQuietly(), refreshEachMs);
    this.#owned.add({ dispose: () => clearInterval(timer) });
    this.#owned.add(window.onDidChangeWindowState(() => this.#refreshQuietly()));
  }

  get #state(): ClusterState {
    return this.#kept?.state ?? { status: "none" };
  }

  async connected(signal: AbortSignal): Promise<Cluster> {
    assertTrusted();
    if (this.#kept === undefined) {
      throw noneNamed();
    }
    return await this.#kept.connected(signal);
  }

  /** @param given An address; the person is asked where it is left out. */
  async connect(given?: string): Promise<void> {
    assertTrusted();
    const local = await findLocalCluster(localClusterFolder);
    const pick =
      given === undefined
        ? await askCluster(knownClusters(this.#parts.context.globalState), local?.dashboard)
        : ({ kind: "address", address: clusterAddress(given).dashboard } as const);
    if (pick.kind === "local") {
      await this.startLocal();
    } else {
      await this.#connectTo(pick.address, pick.address === local?.dashboard);
    }
  }

  async disconnect(): Promise<void> {
    await this.#kept?.leave();
  }

  async remove(): Promise<void> {
    assertTrusted();
    const { context } = this.#parts;
    const kept = this.#kept;
    const address = namedCluster(context.workspaceState);
    if (kept === undefined || address === undefined) {
      throw noneNamed();
    }
    await agreeToRemove(address, kept.there?.children.map(({ title, name }) => title ?? name) ?? []);
    const admission = await this.#secrets.admissions.get(address);
    await kept.leave();
    await this.#withToken(address, async () => {
      await withSteps(l10n.t("Removing everything of Byzer Agent’s from {0}", address), async (_onStep, signal) => {
        const parts = await clusterPartsOf(address, { secrets: this.#secrets, extensionUri: context.extensionUri });
        await removeFromCluster(parts, signal);
      });
    });
    await this.#unname();
    if (admission !== undefined) {
      await this.#parts.endpoints.forget(`${admission.serve}/`);
    }
    await this.#secrets.setRayToken(address, undefined);
    await forgetKnown(context.globalState, address);
    void window.showInformationMessage(l10n.t("Nothing of Byzer Agent’s is left on {0}.", address));
  }

  async startLocal(): Promise<void> {
    assertTrusted();
    const { dashboard } = await ensureLocalCluster(this.#parts.context, this.#parts.log);
    await this.#connectTo(dashboard, true);
  }

  async stopLocal(): Promise<void> {
    const local = await findLocalCluster(localClusterFolder);
    if (local === undefined) {
      void window.showInformationMessage(l10n.t("No cluster of this machine runs."));
      return;
    }
    await agreeToStopLocal();
    const address = namedCluster(this.#parts.context.workspaceState);
    if (address === local.dashboard) {
      await this.#unname();
    }
    const options = { location: ProgressLocation.Notification, title: l10n.t("Stopping the cluster of this machine…") };
    await window.withProgress(options, () => stopLocalCluster(localClusterFolder));
    await this.#secrets.admissions.set(local.dashboard, undefined);
    void window.showInformationMessage(l10n.t("The cluster of this machine has ended."));
  }

  async showStatus(): Promise<void> {
    const action = await showClusterMenu({
      state: () => this.#state,
      there: () => this.#kept?.there ?? null,
      models: () => this.#models,
      hasLocal: (await findLocalCluster(localClusterFolder)) !== undefined,
      onChange: this.#changes.event,
      refresh: () => {
        this.#refreshQuietly();
        this.#lookAtModels();
      },
    });
    if (action !== undefined) {
      await this.#do(action);
    }
  }

  async deployModel(name?: string): Promise<void> {
    const cluster = await this.connected(new AbortController().signal);
    const { dashboard } = cluster.address;
    const parts: ModelDeskParts = {
      cluster,
      endpoints: this.#parts.endpoints,
      withToken: (work) => this.#withToken(dashboard, work),
    };
    await (name === undefined ? deployModel(parts) : manageModel(parts, name));
  }

  async end(kind: string, name: string, at?: string): Promise<void> {
    const { workspaceState } = this.#parts.context;
    const kept = this.#kept;
    const address = at ?? kept?.address;
    if (address === undefined) {
      return;
    }
    const end = { address, kind, name };
    await endLater(workspaceState, end);
    if (kept?.current !== undefined && address === kept.address) {
      await kept.current.gateway.endChild(kind, name, AbortSignal.timeout(callTimeoutMs));
      await forgetEnd(workspaceState, end);
      this.#refreshQuietly();
    }
  }

  /** Asks how the cluster is, where it is connected. @throws AgentError `remote.*` */
  async refresh(): Promise<void> {
    await this.#kept?.refresh(AbortSignal.timeout(callTimeoutMs));
  }

  async close(): Promise<void> {
    await this.#kept?.leave();
    this.#owned.dispose();
  }

  async #do(action: ClusterAction): Promise<void> {
    switch (action.kind) {
      case "connect":
        return await this.connect(namedCluster(this.#parts.context.workspaceState));
      case "other":
        return await this.connect();
      case "disconnect":
        return await this.disconnect();
      case "remove":
        return await this.remove();
      case "forget":
        return await this.#unname();
      case "start-local":
        return await this.startLocal();
      case "stop-local":
        return await this.stopLocal();
      case "model":
        return await this.deployModel(action.name);
      case "show-log":
        return await execute("byzer.showLog");
      case "end":
        await agreeToEnd(action.child.title ?? action.child.name, action.child.kind);
        return await this.end(action.child.kind, action.child.name);
    }
  }

  /** @param isOwn It was started by us on this machine, which the person has said yes to. */
  async #connectTo(address: string, isOwn: boolean): Promise<void> {
    const { globalState, workspaceState } = this.#parts.context;
    if (!isOwn && !knownClusters(globalState).includes(address)) {
      await agreeToConnect(address);
    }
    const before = this.#kept;
    const isSame = before !== undefined && namedCluster(workspaceState) === address;
    if (!isSame) {
      await before?.leave();
      this.#kept = this.#keep(address);
    }
    try {
      await this.#withToken(address, () => this.#joined());
    } catch (error) {
      if (!isSame) {
        this.#kept = before;
        this.#say();
      }
      throw error;
    }
    await nameCluster(workspaceState, address);
    if (!isOwn) {
      await keepKnown(globalState, address);
    }
  }

  /** Connects while the person watches. */
  async #joined(): Promise<void> {
    const kept = this.#kept;
    const state = this.#state;
    const title = l10n.t("Ray cluster {0}", "address" in state ? state.address : "");
    await withSteps(title, async (onStep, signal) => {
      this.#onStep = onStep;
      signal.addEventListener("abort", () => void kept?.leave(), { once: true });
      try {
        await kept?.connected(signal);
      } finally {
        this.#onStep = undefined;
      }
    });
  }

  /** Does what wants Ray's own token, and asks the person for that for as long as it is wrong. */
  async #withToken<T>(address: string, work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- the person is asked between
        return await work();
      } catch (error) {
        if (!AgentError.is(error, "remote.token-missing") && !AgentError.is(error, "remote.token-wrong")) {
          throw error;
        }
        // oxlint-disable-next-line no-await-in-loop -- as above
        await this.#secrets.setRayToken(address, await askToken(address, error));
      }
    }
  }

  #keep(address: string): KeptCluster {
    const reach = { secrets: this.#secrets, extensionUri: this.#parts.context.extensionUri };
    let wasUp = false;
    const kept: KeptCluster = new KeptCluster({
      address,
      connect: async (onStep, signal) => {
        const tell = (step: ConnectStep): void => {
          onStep(step);
          this.#onStep?.(step);
        };
        return await connectToCluster(await clusterPartsOf(address, reach, tell), signal);
      },
      onState: ({ status }) => {
        if (this.#kept === kept) {
          this.#say();
        }
        if (status === "up" && !wasUp) {
          this.#endWhatIsLeft(address);
        }
        wasUp = status === "up";
      },
    });
    return kept;
  }

  #say(): void {
    this.#parts.onState(this.#state, this.#kept?.there ?? null);
    this.#changes.fire();
  }

  /** Nobody waits for it: that it failed, the link says. */
  #refreshQuietly(): void {
    if (window.state.focused) {
      this.#kept
        ?.refresh(AbortSignal.timeout(callTimeoutMs))
        .catch((error: unknown) => this.#parts.log.debug(`The cluster was not asked: ${String(error)}`));
    }
  }

  /** Nobody waits for it: without it the menu is shorter. */
  #lookAtModels(): void {
    const cluster = this.#kept?.current;
    if (cluster?.link.state.phase === "up") {
      new ClusterModels(cluster)
        .list(AbortSignal.timeout(callTimeoutMs))
        .then((models) => {
          this.#models = models;
          return this.#changes.fire();
        })
        .catch((error: unknown) => this.#parts.log.debug(`The models there were not told: ${String(error)}`));
    }
  }

  #endWhatIsLeft(address: string): void {
    for (const { kind, name } of laterEnds(this.#parts.context.workspaceState, address)) {
      this.end(kind, name, address).catch((error: unknown) =>
        this.#parts.log.warn(`${kind} ${name} could not be ended on the cluster: ${String(error)}`),
      );
    }
  }

  /** The workspace has no cluster any more. */
  async #unname(): Promise<void> {
    await this.#kept?.leave();
    this.#kept = undefined;
    this.#models = [];
    await nameCluster(this.#parts.context.workspaceState, undefined);
    this.#say();
  }
}

async function execute(command: CommandId): Promise<void> {
  await commands.executeCommand(command);
}

function assertTrusted(): void {
  if (!workspace.isTrusted) {
    const message = l10n.t("This workspace is not trusted, so no cluster is connected to. Trust it first.");
    throw new AgentError("remote.untrusted", {}, message);
  }
}

function noneNamed(): AgentError {
  const message = l10n.t("This workspace names no cluster. Connect to one first.");
  return new AgentError("remote.none-named", {}, message);
}
