import { useState } from "preact/hooks";
import { type ClusterPlace, type RunPlace, runHere } from "../../../src/agents/protocol/run-place.ts";
import { usePage, useSelected } from "../page-context.ts";
import { describeSize } from "../text/kernel-words.ts";
import type { MenuItem } from "./popover.tsx";

/** What a menu offers of moving the session, and how it is done. */
export interface PlaceItems {
  /** Whether it is being moved: a cluster may have to be connected to first. */
  readonly moving: boolean;
  readonly choose: (place: RunPlace) => void;
  readonly items: readonly MenuItem[];
}

/** @param openForm Asks how much of a cluster is wanted. */
export function usePlaceItems(openForm: () => void): PlaceItems {
  const { strings, format, request, store } = usePage();
  const place = useSelected(({ session }) => session.place);
  const cluster = useSelected((state) => state.cluster);
  const [moving, setMoving] = useState(false);
  const busyWith = (work: Promise<unknown>): void => {
    setMoving(true);
    void work.finally(() => setMoving(false));
  };
  const choose = (wanted: RunPlace): void => busyWith(request("place-choose", { place: wanted }));
  const connect = async (): Promise<void> => {
    await request("cluster-connect", {});
    if (store.get().cluster?.state.status === "up") {
      openForm();
    }
  };
  const form: MenuItem = { label: strings.changeSize, icon: "settings", onSelect: openForm };
  const isNamed = cluster !== null && cluster.state.status !== "none";
  const items: readonly MenuItem[] =
    place?.kind === "cluster"
      ? [{ label: strings.runHere, icon: "vm", onSelect: () => choose(runHere) }, form]
      : isNamed
        ? [onCluster(cluster.last), form]
        : [{ label: strings.runOnCluster, icon: "server", onSelect: () => busyWith(connect()) }];
  return { moving, choose, items };

  function onCluster(last: ClusterPlace): MenuItem {
    const label = strings.runOnClusterWith(describeSize(last, strings, format));
    return { label, icon: "server", onSelect: () => choose(last) };
  }
}
