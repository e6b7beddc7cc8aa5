import { expect, test } from "vitest";
import type { CellStatus } from "../protocol/cell-output.ts";
import type { SessionEvent } from "../protocol/session-event.ts";
import { type CellBlock, type Turn, emptySession, reduceSession } from "../protocol/session-state.ts";
import { chooseCells } from "./choose-cells.ts";
import { runCells } from "./run-cells.ts";

interface Written extends Partial<Pick<CellBlock, "outputs" | "effects" | "durationMs">> {
  readonly code: string;
  /** `ok` where left out. */
  readonly phase?: CellStatus;
  readonly newPython?: boolean;
}

/** A cell that failed on a 1-based line. */
function failed(code: string, line?: number): Written {
  const traceback = line === undefined ? "" : `Traceback:\n  File "<cell 1>", line ${line}, in <module>\nKeyError: 'x'`;
  return { code, phase: "error", outputs: [{ type: "error", name: "KeyError", message: "'x'", traceback }] };
}

function ended(code: string, phase: CellStatus): Written {
  return { code, phase };
}

/** A turn with these cells, as the events of a session make it. */
function turnOf(cells: readonly Written[]): Turn {
  const at = { at: 0, turnId: "t" };
  const events = cells.flatMap(({ code, phase = "ok", outputs = [], ...written }, index): readonly SessionEvent[] => {
    const { effects = [], durationMs = 1, newPython = false } = written;
    const cell = { ...at, cellId: `c${index}` };
    return [
      { type: "cell-start", ...cell, number: index + 1, agent: "a", code, repair: 0, effects: [...effects] },
      { type: "cell-run", ...cell, newPython },
      ...outputs.map((output): SessionEvent => ({ type: "cell-output", ...cell, output })),
      { type: "cell-end", ...cell, status: phase, durationMs },
    ];
  });
  const start: SessionEvent = { type: "turn-start", ...at, question: "", agent: null, replaces: null };
  const [turn] = [start, ...events].reduce(reduceSession, emptySession).turns;
  if (turn === undefined) {
    throw new Error("no turn");
  }

  return turn;
}

/** How each cell is to run, `-` for those that are left out. `wanted`: the numbers of those that are exported; all. */
function chosen(codes: readonly (string | Written)[], wanted?: readonly number[]): string {
  const turn = turnOf(codes.map((code) => (typeof code === "string" ? { code } : code)));
  const found = chooseCells(runCells([turn]), ({ block }) => wanted?.includes(block.number) ?? true);
  return turn.blocks.map(({ id }) => found.find(({ block }) => block.id === id)?.how ?? "-").join(" ");
}

const read = "import pandas as pd\npath = 'a.csv'\ndf = pd.read_csv(path)\n";

test.each<[string, readonly (string | Written)[], string]>([
  ["a repair that does everything anew", [failed(`${read}df['x']`, 4), `${read}df['y'].sum()`], "- wanted"],
  ["a repair that goes on", [failed(`${read}df['x']`, 4), "df['y'].sum()"], "guarded wanted"],
  ["an import that only the failed cell has", [failed("import math\nx", 2), "math.pi"], "guarded wanted"],
  ["what was set on a line that never ran", [failed("x\ntotal = 1", 1), "total = 2", "total"], "- wanted wanted"],
  ["a frame changed in place", [read, failed("df['z'] = 1\nx", 2), "df.sum()"], "wanted guarded wanted"],
  ["a frame read anew and then changed", [failed(`${read}df['z'] = 1\nx`, 5), `${read}df`], "- wanted"],
  ["a list that another name shares", ["a = [1]\nb = a", failed("b.append(2)\nx", 2), "a"], "wanted guarded wanted"],
  ["inplace", [read, failed("df.drop(columns='a', inplace=True)\nx", 2), "df"], "wanted guarded wanted"],
  ["a frame that is only looked at", [read, failed("print(df.shape)\ndf['x']", 2), "df"], "wanted - wanted"],
  [
    "a setting of a library",
    [failed("import pandas as pd\npd.set_option('x', 1)\nx", 3), "import pandas as pd\npd"],
    "guarded wanted",
  ],
  ["a name in a formatted string", [failed("total = 1\nx", 2), 'print(f"{total:>5}")'], "guarded wanted"],
  ["a name of an argument", [failed("sep = 1\nx", 2), "print(1, sep='')"], "- wanted"],
  ["an attribute", [failed("shape = 1\nx", 2), `${read}df.shape`], "- wanted"],
  ["what counts in a comprehension", [failed("i = 1\nx", 2), "[i for i in range(3)]"], "- wanted"],
  ["what a loop may not have set", [failed("i = 1\nx", 2), "for i in []:\n    pass\nprint(i)"], "guarded wanted"],
  [
    "what with has set for certain",
    [failed("t = 1\nx", 2), "with open('a') as f:\n    t = f.read()\nprint(t)"],
    "- wanted",
  ],
  [
    "what only one branch has set",
    [failed("t = 1\nx", 2), "if True:\n    t = 2\nelse:\n    pass\nt"],
    "guarded wanted",
  ],
  [
    "what a function needs when it is called",
    ["def f():\n    return rate", failed("rate = 2\nx", 2), "f()"],
    "wanted guarded wanted",
  ],
  [
    "what a function sets for itself",
    ["def f():\n    t = 1\n    return t", failed("t = 2\nx", 2), "f()"],
    "wanted - wanted",
  ],
  [
    "what a function may change",
    ["def f(d):\n    d[0] = 1", "a = [0]", failed("f(a)\nx", 2), "a"],
    "wanted wanted guarded wanted",
  ],
  ["anything", [failed("exec('t = 1')\nx", 2), "t"], "guarded wanted"],
  ["a star", [failed("from math import *\nx", 2), "pi"], "guarded wanted"],
  ["an augmented assignment", [failed("n = 1\nx", 2), "n += 1"], "guarded wanted"],
  ["several targets", [failed("a, (b, *c) = 1, (2, 3)\nx", 2), "c"], "guarded wanted"],
  ["a text that looks like code", [failed("t = 1\nx", 2), '"""\nt\n"""\n# t'], "- wanted"],
  ["no later cell", ["a = 1", failed("a = 2\nx", 2)], "wanted -"],
  ["code that Python could not read", [{ ...failed("t = = 1"), durationMs: 0 }, "t"], "- wanted"],
  ["code that was refused", [ended("t = 1", "denied"), "t"], "- wanted"],
  ["code that was stopped", [ended("t = 1\nwhile True: pass", "interrupted"), "t"], "guarded wanted"],
])("%s", (_name, cells, expected) => {
  expect(chosen(cells)).toBe(expected);
});

test("variables of a Python that has gone are needed by nobody", () => {
  expect(chosen([failed("t = 1\nx", 2), { code: "t = 2", newPython: true }, "t"])).toBe("- wanted wanted");
  expect(chosen([ended("t = 1", "exited"), "t"])).toBe("- wanted");
});

test("of the cells that are not exported those run that the others need, step by step", () => {
  expect(chosen([read, "unused = 1", "total = df.sum()", "other = df.max()", "total.plot()"], [5])).toBe(
    "needed - needed - wanted",
  );
});

test("a file that one cell writes and another reads connects them", () => {
  const effects = [{ kind: "write-file", detail: "out.csv", line: 1 }] as const;
  const writes: Written = { code: "open('sub/out.csv', 'w').write('1')", effects };
  expect(chosen([writes, "open('out.csv').read()"], [2])).toBe("needed wanted");
  expect(chosen([writes, "open('in.csv').read()"], [2])).toBe("- wanted");
});
