import { l10n } from "vscode";
import type { PythonState } from "../../agents/protocol/page.ts";
import type { SandboxMode } from "../../agents/protocol/sandbox.ts";
import type { TakenPython } from "../../agents/python/find-python.ts";

const needed = ["pandas", "matplotlib"];
/** There is a Python in which code can run. */
const running: ReadonlySet<PythonState["status"]> = new Set(["ready", "limited", "replaced"]);

/** What holds code: as it is set, and why it does not where it does not. */
export interface SandboxState {
  readonly mode: SandboxMode;
  /** Empty where the system holds code as it is set. */
  readonly problem: string;
}

/**
 * What the page says of a Python. `limited`: something that analysis usually needs is not installed; `replaced`: it has
 * all, and another was chosen, which cannot be used.
 */
export function describePython(found: TakenPython, sandbox: SandboxState): PythonState {
  const { version, packages, executable, passedOver } = found;
  const label = [describePackages(version, packages), ...describeSandbox(sandbox)].join(" · ");
  const absent = needed.filter((name) => !packages.includes(name));
  const replaced =
    passedOver.length === 0
      ? []
      : [
          l10n.t("Code runs in {0}, since the Python that was chosen cannot be used:", executable),
          ...passedOver.map((place) => `· ${place}`),
        ];
  if (absent.length === 0) {
    const bare = sandbox.problem === "" ? [] : [l10n.t("Code runs without a sandbox here. {0}", sandbox.problem)];
    const advice = [...replaced, ...bare].join("\n");
    return { status: replaced.length === 0 ? "ready" : "replaced", label, advice };
  }
  const limited = l10n.t(
    "Not installed there: {0}. Answers are limited. Set up an environment that has it, or choose another Python.",
    absent.join(", "),
  );
  return { status: "limited", label, advice: [limited, ...replaced].join("\n") };
}

/** A Python and what it has of what analysis needs, such as `Python 3.11.7 · pandas · matplotlib`. */
export function describePackages(version: string, packages: readonly string[]): string {
  return [`Python ${version}`, ...needed.filter((name) => packages.includes(name))].join(" · ");
}

/** What is to be done where a Python on a cluster lacks what analysis usually needs; empty where it has all. */
export function adviseCluster(packages: readonly string[]): string {
  const absent = needed.filter((name) => !packages.includes(name));
  return absent.length === 0
    ? ""
    : l10n.t(
        "Not installed on the cluster: {0}. Answers are limited. Have it installed on all of its machines.",
        absent.join(", "),
      );
}

function describeSandbox({ mode, problem }: SandboxState): readonly string[] {
  if (mode === "off" || problem !== "") {
    return [];
  }
  return [mode === "strict" ? l10n.t("strict sandbox") : l10n.t("sandbox")];
}

/**
 * What the page says of a session in which Python has ended without being told to. What is said of a Python that cannot
 * run, or is just being looked for, comes first.
 */
export function describeEnded(state: PythonState): PythonState {
  if (!running.has(state.status)) {
    return state;
  }
  const label = l10n.t("Python ended; variables are gone");
  return { status: "ended", label, advice: l10n.t("The next code starts a new one: {0}", state.label) };
}

/** What the page says where there is none. */
export function describeMissing(looked: readonly string[]): PythonState {
  const advice = [
    l10n.t("Install Python 3.9 or newer, or choose one. The data card works without it."),
    ...looked.map((place) => `· ${place}`),
  ].join("\n");
  return { status: "missing", label: l10n.t("No Python"), advice };
}
