import type { VNode } from "preact";
import type { PythonState } from "../../../src/agents/protocol/page.ts";
import { usePage, useSelected } from "../page-context.ts";
import { ClusterChip } from "./cluster-chip.tsx";
import type { MenuItem } from "./popover.tsx";
import { PythonPick } from "./python-pick.tsx";

/** Told also where no code will run. */
const toldAnyway: ReadonlySet<string> = new Set(["untrusted", "installing"]);

/** The Python that will run, or why there is none; opens what can be done about it. Not there where only files are asked about. */
export function PythonChip(): VNode | null {
  const python = useSelected((state) => state.python);
  const place = useSelected(({ session }) => session.place);
  const asksOnly = useSelected(({ session }) => session.files.length === 0 && session.sources.length > 0);
  if (asksOnly && !toldAnyway.has(python?.status ?? "")) {
    return null;
  }

  if (place?.kind === "cluster" && python?.status !== "untrusted") {
    return <ClusterChip place={place} kernel={python?.kernel} />;
  }

  return python === null || python.status === "unknown" ? null : <Chip python={python} />;
}

function Chip(props: { readonly python: PythonState }): VNode {
  const { strings, request } = usePage();
  const { status, label, advice } = props.python;
  const name = status === "ready" ? label : strings.pythonStates[status];
  const items = (moves: readonly MenuItem[]): readonly MenuItem[] =>
    status === "untrusted"
      ? [{ label: strings.manageTrust, icon: "shield", onSelect: () => void request("trust-manage", {}) }]
      : [
          { label: strings.choosePython, icon: "symbol-misc", onSelect: () => void request("python-choose", {}) },
          ...(status === "limited"
            ? [
                {
                  label: strings.installPython,
                  icon: "cloud-download",
                  onSelect: () => void request("python-install", {}),
                },
              ]
            : []),
          ...moves,
          { label: strings.showTerminal, icon: "terminal", onSelect: () => void request("terminal-show", {}) },
        ];
  return (
    <PythonPick
      name={name}
      title={[name, label, advice]}
      short={strings.pythonShort[status]}
      icon="terminal"
      warns={["missing", "limited", "replaced", "untrusted", "ended"].includes(status)}
      busy={status === "looking" || status === "installing"}
      items={items}
    />
  );
}
