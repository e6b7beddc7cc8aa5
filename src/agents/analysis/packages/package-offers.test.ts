import { afterEach, expect, test } from "vitest";
import { AgentError } from "../../base/errors.ts";
import type { PackageAnswer, PackageCare, PackageInstallation, PackageRequest } from "../../ports/package-care.ts";
import type { PackageOffer } from "../../protocol/package-offer.ts";
import { type Analysis, type AnalysisOptions, cellsOf, createAnalysis } from "../../testing/analysis-fixture.ts";

let analysis: Analysis;
afterEach(() => analysis.dispose());

interface Care extends PackageCare {
  readonly asked: PackageRequest[];
  readonly installed: PackageInstallation[];
}

function care(answer: PackageAnswer["decision"], install: () => Promise<{ restart: boolean }>): Care {
  const [asked, installed]: [PackageRequest[], PackageInstallation[]] = [[], []];
  return {
    asked,
    installed,
    place: () => Promise.resolve({ kind: "environment", folder: "/venv" }),
    ask: (request) => {
      asked.push(request);
      return Promise.resolve({ decision: answer, how: "person" });
    },
    install: (installation) => {
      installed.push(installation);
      return install();
    },
  };
}

async function opened(packageCare: Care, options: AnalysisOptions = {}): Promise<Analysis> {
  analysis = await createAnalysis({ packageCare, ...options });
  await analysis.attach();
  return analysis;
}

const call = (code: string) => ({ toolCalls: [{ name: "run_python", arguments: { code } }] });
const lacks = (module: string) => ({
  status: "error" as const,
  print: "half-way\n",
  outputs: [
    { type: "error", name: "ModuleNotFoundError", message: `No module named '${module}'`, traceback: "" } as const,
  ],
});
const told = () =>
  analysis.author.requests
    .at(-1)
    ?.messages.map(({ content }) => content)
    .join("\n") ?? "";
const states = (offers: readonly PackageOffer[] | undefined) =>
  offers?.map(({ package: { name }, state }) => `${name} ${state}`);

test("a package that is missing is offered, installed, and the cell runs again by itself with its variables", async () => {
  const desk = care("install", () => Promise.resolve({ restart: false }));
  const { session, author, python } = await opened(desk, { refreshed: () => ({ pandas: "2.2.0", seaborn: "0.13.2" }) });
  author.expect(call("import seaborn"), "Drawn.", "Drawn again.");
  python.expect(lacks("seaborn"), { print: "drawn\n" });
  const turn = await session.ask("/ask Draw");
  const [cell] = cellsOf(turn);
  expect(desk.asked).toEqual([
    expect.objectContaining({
      turnId: turn.id,
      cellId: cell?.id,
      package: { module: "seaborn", name: "seaborn", known: true, similar: null },
      place: { kind: "environment", folder: "/venv" },
    }),
  ]);
  expect(cell).toMatchObject({ phase: "ok", outputs: [{ type: "text", text: "drawn\n" }] });
  expect(states(cell?.packages)).toEqual(["seaborn installed"]);
  expect(python.starts).toHaveLength(1);
  expect(told()).toContain("seaborn was installed for this code.");
  await session.ask("/ask Again");
  expect(author.requests.at(-1)?.messages[0]?.content).toContain("seaborn 0.13.2");
  analysis.assertFinished();
});

test("where other packages had to change, or another environment runs, Python is started anew and that is said", async () => {
  const desk = care("install", () => Promise.resolve({ restart: true }));
  const { session, author, python } = await opened(desk);
  author.expect(call("x = 1"), call("import polars"), "Done.");
  python.expect({}, lacks("polars"), { print: "1\n" });
  await session.ask("/ask Count");
  expect(python.starts).toHaveLength(2);
  expect(told()).toContain("A new Python was started for this cell; earlier variables were lost.");
  analysis.assertFinished();
});

test("a no is told to the author, who does without", async () => {
  const desk = care("skip", () => Promise.reject(new Error("nobody asked for that")));
  const { session, author, python } = await opened(desk);
  author.expect(call("import seaborn"), call("import matplotlib"), "Drawn without.");
  python.expect(lacks("seaborn"), {});
  const turn = await session.ask("/ask Draw");
  expect(states(cellsOf(turn)[0]?.packages)).toEqual(["seaborn declined"]);
  expect(cellsOf(turn)[0]?.phase).toBe("error");
  expect(desk.installed).toEqual([]);
  const messages = author.requests[1]?.messages.map(({ content }) => content).join("\n");
  expect(messages).toContain("seaborn is not installed and will not be.");
  analysis.assertFinished();
});

test("what a Python on a cluster lacks is not offered: its author is told, and nobody is asked", async () => {
  const desk = care("install", () => Promise.reject(new Error("nobody asked for that")));
  const { session, author, python } = await opened(desk, { place: "cluster" });
  author.expect(call("import seaborn"), "Drawn without.");
  python.expect(lacks("seaborn"));
  const turn = await session.ask("/ask Draw");
  expect([desk.asked, desk.installed, cellsOf(turn)[0]?.packages]).toEqual([[], [], []]);
  expect(told()).toContain("seaborn is not installed on the cluster.");
  analysis.assertFinished();
});

test("a failed installation is shown and told with its reason", async () => {
  const reason = "The package index could not be reached: no route";
  const failure = new AgentError("package.failed", { name: "seaborn", reason }, reason);
  const { session, author, python } = await opened(care("install", () => Promise.reject(failure)));
  author.expect(call("import seaborn"), "No chart.");
  python.expect(lacks("seaborn"));
  const turn = await session.ask("/ask Draw");
  expect(cellsOf(turn)[0]?.packages[0]).toMatchObject({ state: "failed", message: reason });
  expect(told()).toContain(`seaborn could not be installed: ${reason}`);
  analysis.assertFinished();
});

test("one package is offered once for a cell, several one after the other", async () => {
  const desk = care("install", () => Promise.resolve({ restart: false }));
  const { session, author, python } = await opened(desk);
  author.expect(call("import seaborn, polars"), "Neither.");
  python.expect(lacks("seaborn"), lacks("polars"), lacks("seaborn"));
  const turn = await session.ask("/ask Draw");
  expect(desk.installed.map(({ name }) => name)).toEqual(["seaborn", "polars"]);
  expect(cellsOf(turn)[0]?.phase).toBe("error");
  analysis.assertFinished();
});

test("stopping while the offer waits closes it, and what is opened later waits for nobody", async () => {
  const desk = {
    ...care("install", () => Promise.resolve({ restart: false })),
    ask: (_request: PackageRequest, signal: AbortSignal) =>
      new Promise<PackageAnswer>((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
        void analysis.session.stop();
      }),
  };
  const { session, author, python } = await opened(desk);
  author.expect(call("import seaborn"));
  python.expect(lacks("seaborn"));
  const turn = await session.ask("/ask Draw");
  expect(turn.status).toBe("cancelled");
  expect(states(cellsOf(turn)[0]?.packages)).toEqual(["seaborn declined"]);
});
