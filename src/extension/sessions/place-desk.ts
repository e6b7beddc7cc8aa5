import { type Memento, l10n, window } from "vscode";
import {
  type ClusterPlace,
  type RunPlace,
  clusterPlaceSchema,
  isSamePlace,
  runHere,
  usualClusterPlace,
} from "../../agents/protocol/run-place.ts";
import type { ClusterDesk } from "../ray/cluster-desk.ts";
import type { ClusterPythons } from "../python/cluster-pythons.ts";
import type { SessionDesk } from "./session-desk.ts";

const kindKey = "byzer.runPlace";
const sizeKey = "byzer.clusterPlace";

export interface PlaceDeskParts {
  /** Of this workspace. */
  readonly state: Memento;
  readonly cluster: Pick<ClusterDesk, "connect" | "connected" | "end" | "state">;
  readonly clusterPythons: Pick<ClusterPythons, "forget">;
  readonly desk: Pick<SessionDesk, "current">;
  /** Told what went wrong after the session has moved. */
  readonly onFailure: (error: unknown) => void;
}

/** Where sessions run: what the person chose last, and moving the one that is shown. */
export class PlaceDesk {
  readonly #parts: PlaceDeskParts;

  constructor(parts: PlaceDeskParts) {
    this.#parts = parts;
  }

  /** How much of a cluster was chosen last in this workspace. */
  get lastSize(): ClusterPlace {
    return clusterPlaceSchema.safeParse(this.#parts.state.get(sizeKey)).data ?? usualClusterPlace;
  }

  /** Where a new session runs: as the last one, on this machine where no cluster is named. */
  get first(): RunPlace {
    const { state, cluster } = this.#parts;
    return state.get(kindKey) === "cluster" && cluster.state.status !== "none" ? this.lastSize : runHere;
  }

  /**
   * Has the session that is shown run elsewhere, after a yes where variables stay behind. Resolves when it has moved; on a
   * cluster Python starts meanwhile.
   *
   * @throws AgentError `session.busy`, `remote.*`: the session then stays where it is
   */
  async choose(place: RunPlace): Promise<void> {
    const { clusterPythons, cluster, desk, onFailure } = this.#parts;
    const session = await desk.current(l10n.t("New session"));
    const { place: places } = session.analysis;
    places.refuseWhileRunning();
    if (isSamePlace(places.current, place)) {
      await this.#keep(place);
      return;
    }
    const isSure = !places.hasVariables || (await confirmMove(places.current, place));
    if (!isSure || (place.kind === "cluster" && !(await this.#isConnected()))) {
      return;
    }
    const left = await places.moveTo(place);
    await this.#keep(place);
    if (left.kernel !== undefined) {
      cluster.end("kernel", left.kernel.name, left.kernel.cluster).catch(onFailure);
    }
    if (place.kind === "cluster") {
      places.warmUp().catch(onFailure);
    } else {
      clusterPythons.forget(session.id);
    }
  }

  /** @returns `false` where the person was asked for a cluster and named none. */
  async #isConnected(): Promise<boolean> {
    const { cluster } = this.#parts;
    if (cluster.state.status === "none") {
      await cluster.connect();
      return cluster.state.status !== "none";
    }
    await cluster.connected(new AbortController().signal);
    return true;
  }

  async #keep(place: RunPlace): Promise<void> {
    const { state } = this.#parts;
    await state.update(kindKey, place.kind);
    if (place.kind === "cluster") {
      await state.update(sizeKey, place);
    }
  }
}

/** Says what is lost. The first button has the focus, so that is the one which does no harm. */
async function confirmMove(from: RunPlace, to: RunPlace): Promise<boolean> {
  const yes = l10n.t("Move");
  const question =
    to.kind === "here"
      ? l10n.t("Run the code of this session on this machine?")
      : from.kind === "here"
        ? l10n.t("Run the code of this session on the cluster?")
        : l10n.t("Start another Python on the cluster for this session?");
  const detail = l10n.t(
    "The Python that it has is ended, and its variables are lost: ask again for what is still needed. Files, answers and pictures stay.",
  );
  return (await window.showWarningMessage(question, { modal: true, detail }, l10n.t("Stay"), yes)) === yes;
}
