import { resolve } from "node:path";
import type { AgentError } from "../base/errors.ts";
import type { IndexReport } from "../ports/passage-index.ts";
import { clusterPlace } from "../protocol/cluster-place.ts";
import { createIndexCarrier } from "../remote/index-carrier.ts";
import type { CarriedPassageIndex, ThreadedPassageIndex } from "../retrieval/passage-index.ts";
import { type ClusterFlags, indexTasks } from "./cluster-flags.ts";
import { type CommandCluster, commandCluster } from "./command-cluster.ts";
import type { CommandStreams } from "./command-streams.ts";
import { indexAddress, indexFolder } from "./index-folder.ts";
import { openPassageIndex } from "./open-passage-index.ts";

/** Which index the options of a command mean, and who updates it. */
interface IndexValues extends ClusterFlags {
  readonly index?: string | undefined;
  readonly "index-url"?: string | undefined;
}

/** Seconds after which what has directed tasks for a command ends. */
const idleS = 300;

/** Opens the index that a command brings up to date: on this machine, or on the cluster that `--ray` names. */
export function updatableIndex(values: IndexValues, streams: CommandStreams): ThreadedPassageIndex {
  const index = openPassageIndex({ folder: indexFolder(values.index), url: indexAddress(values["index-url"]) });
  return onCluster(index, values, streams);
}

/** Opens the index that a command searches; one that it may not write is searched as it stands, which is said. */
export function searchableIndex(values: IndexValues, streams: CommandStreams): ThreadedPassageIndex {
  const say = ({ message }: AgentError): void => streams.err(`${message} It is searched as it stands.\n`);
  const index = openPassageIndex({
    folder: indexFolder(values.index),
    url: indexAddress(values["index-url"]),
    onReadOnly: say,
    onUnwritable: say,
  });
  return onCluster(index, values, streams);
}

/** Where the index of a path of the command line begins: of this machine, or a place of a cluster as it was named. */
export function rootNamed(path: string): string {
  return clusterPlace(path) === null ? resolve(path) : path;
}

function onCluster(index: CarriedPassageIndex, values: IndexValues, streams: CommandStreams): ThreadedPassageIndex {
  const cluster = commandCluster(values, streams);
  return cluster === undefined ? index : updatedBy(cluster, index, { parallel: indexTasks(values), streams });
}

/** A command looks once at each root: what changes while it runs is for the next. */
function updatedBy(
  cluster: CommandCluster,
  index: CarriedPassageIndex,
  { parallel, streams }: { readonly parallel: number; readonly streams: CommandStreams },
): ThreadedPassageIndex {
  const onNotice = (sentence: string): void => streams.err(`${sentence}\n`);
  const carrier = createIndexCarrier({
    cluster: cluster.connected,
    parallel,
    idleS,
    onWaiting: (reason) => streams.err(`The index waits for the cluster: ${reason}\n`),
  });
  const updated = new Map<string, IndexReport>();
  return {
    ...index,
    update: async (request, signal) => {
      const key = JSON.stringify([request.root, request.only ?? null]);
      const report = updated.get(key) ?? (await index.carry(request, { carrier, onNotice }, signal));
      updated.set(key, report);
      return report;
    },
    dispose: async () => {
      await index.dispose();
      await cluster.close();
    },
  };
}
