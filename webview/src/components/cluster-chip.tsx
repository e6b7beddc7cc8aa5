import type { VNode } from "preact";
import type { ClusterPlace, KernelState } from "../../../src/agents/protocol/run-place.ts";
import { usePage, useSelected } from "../page-context.ts";
import { describeKernel, kernelTrouble } from "../text/kernel-words.ts";
import { PythonPick } from "./python-pick.tsx";

const busyWith: ReadonlySet<string> = new Set(["connecting", "starting", "reconnecting"]);
const warnsOf: ReadonlySet<string> = new Set(["waiting", "reconnecting", "ended", "failed"]);

/** How the Python of a session is that runs on a cluster, and what can be done about it. */
export function ClusterChip(props: { readonly place: ClusterPlace; readonly kernel: KernelState | undefined }): VNode {
  const { strings, format, request } = usePage();
  const { place, kernel } = props;
  const cluster = useSelected((state) => state.cluster?.state);
  const trouble = kernelTrouble(cluster, kernel);
  const words = {
    place,
    kernel,
    trouble,
    address: cluster !== undefined && "address" in cluster ? cluster.address : "",
  };
  const [name = "", ...title] = describeKernel(words, strings, format);
  return (
    <>
      <PythonPick
        name={name}
        title={[name, ...title]}
        short={trouble === null ? "" : strings.kernelShort[trouble]}
        icon="server"
        warns={trouble === null ? kernel !== undefined && kernel.detail !== "" : warnsOf.has(trouble)}
        busy={trouble !== null && busyWith.has(trouble)}
        items={(moves) => [
          ...moves,
          { label: strings.showCluster, icon: "server", onSelect: () => void request("cluster-show", {}) },
          { label: strings.showTerminal, icon: "terminal", onSelect: () => void request("terminal-show", {}) },
        ]}
      />
      <span class="sr-only" role="status">
        {trouble === null ? "" : name}
      </span>
    </>
  );
}
