import type { ScriptEvent } from "./fixtures.ts";
import { type GalleryState, select, start, state, titled } from "./gallery-state.ts";

const seaborn = { module: "seaborn", name: "seaborn", known: true, similar: null };
const made = { module: "palars_data_quality", name: "palars-data-quality", known: false, similar: null };
const near = { module: "palars", name: "palars", known: false, similar: "polars" };
const folder = "/home/ada/projects/disasters/.venv";
const cell = { cellId: "c1" };

/** A cell that lacks `missing`, up to the offer. */
export function lacking(
  missing: typeof seaborn | typeof near,
  kind: "environment" | "managed",
): readonly ScriptEvent[] {
  return [
    select,
    { ...start, ...cell, code: `import ${missing.module}\n`, effects: [] },
    { type: "approval-request", ...cell, sandbox: "workspace" },
    { type: "approval-answer", ...cell, decision: "once", how: "person", code: null },
    { type: "cell-run", ...cell },
    {
      type: "cell-output",
      ...cell,
      output: {
        type: "error",
        name: "ModuleNotFoundError",
        message: `No module named '${missing.module}'`,
        traceback: `Cell 1, line 1\nModuleNotFoundError: No module named '${missing.module}'`,
      },
    },
    { type: "progress", agent: "python_interpreter", activity: "waiting", detail: missing.name },
    { type: "package-request", ...cell, package: missing, place: { kind, folder } },
  ];
}

/** Offers of packages, and code that is held. */
export const packageStates: readonly GalleryState[] = [
  state(
    "package",
    titled()
      .ask("Draw the deaths by year")
      .add(...lacking(seaborn, "environment")),
  ),
  state(
    "package-managed",
    titled()
      .ask("画出每年的死亡人数")
      .add(...lacking(seaborn, "managed")),
    { locale: "zh-cn" },
  ),
  state(
    "package-unknown",
    titled()
      .ask("Check the data")
      .add(...lacking(made, "environment")),
  ),
  state(
    "package-similar",
    titled()
      .ask("Check the data")
      .add(...lacking(near, "managed")),
    {
      act: (page) => page.getByRole("button", { name: "Install all the same…" }).click(),
    },
  ),
  state(
    "package-installing",
    titled()
      .ask("Draw the deaths by year")
      .add(...lacking(seaborn, "environment"), { type: "package-answer", ...cell, decision: "install", how: "person" }),
  ),
  state(
    "package-failed",
    titled()
      .ask("Draw the deaths by year")
      .add(
        ...lacking(seaborn, "environment"),
        { type: "package-answer", ...cell, decision: "install", how: "person" },
        {
          type: "package-end",
          ...cell,
          installed: false,
          message: "The package index could not be reached: Failed to establish a new connection: Connection refused",
        },
        { type: "cell-end", ...cell, status: "error", durationMs: 120 },
      ),
  ),
  state(
    "approval-strict",
    titled()
      .ask("Sum by year")
      .add(
        select,
        { ...start, ...cell, code: "df.groupby('Year').Deaths.sum()\n", effects: [] },
        { type: "approval-request", ...cell, sandbox: "strict" },
      ),
  ),
];
