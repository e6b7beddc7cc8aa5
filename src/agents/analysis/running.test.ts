import { totalmem } from "node:os";
import { rmSync, writeFileSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { CodeInspection } from "../ports/interpreter.ts";
import { type Analysis, type AnalysisOptions, cellsOf, createAnalysis } from "../testing/analysis-fixture.ts";
import { readVerdict } from "./review-reply.ts";

let analysis: Analysis;

async function opened(options: AnalysisOptions = {}): Promise<Analysis> {
  analysis = await createAnalysis(options);
  await analysis.attach();
  return analysis;
}

const call = (code: string) => ({ toolCalls: [{ name: "run_python", arguments: { code } }] });
const writes: Partial<CodeInspection> = { effects: [{ kind: "write-file", detail: "out.csv", line: 1 }] };
const risky = (code: string) => (code.includes("to_csv") ? writes : {});
const told = () =>
  analysis.author.requests
    .at(-1)
    ?.messages.map(({ content }) => content)
    .join("\n") ?? "";

describe("approval", () => {
  afterEach(() => analysis.dispose());

  test("is asked with the code and what it would do, and shown", async () => {
    const { session, author, python, approvals, reviewer } = await opened({ inspect: risky });
    author.expect(call("df.to_csv('out.csv')"), "Written.");
    reviewer.expect('{"verdict":"approve","comment":"writes out.csv, as asked"}');
    python.expect({});
    const turn = await session.ask("/ask Save it");
    expect(approvals.asked).toEqual([
      expect.objectContaining({ code: "df.to_csv('out.csv')", risky: true, effects: writes.effects, turnId: turn.id }),
    ]);
    expect(cellsOf(turn)[0]).toMatchObject({
      id: approvals.asked[0]?.cellId,
      effects: writes.effects,
      review: { reviewer: "code_review_agent", verdict: "approved", comment: "writes out.csv, as asked" },
      approval: { decision: "once", how: "person" },
    });
    expect(reviewer.requests[0]?.messages.at(-1)?.content).toContain("line 1: write-file: out.csv");
    expect(reviewer.requests[0]?.messages.at(-1)?.content).toContain("Question of the user: Save it");
    const [file] = session.state.files;
    expect(reviewer.requests[0]?.messages.at(-1)?.content).toContain(
      `Files of the session:\n- ${JSON.stringify(file?.path)}\n`,
    );
    analysis.assertFinished();
  });

  test("that was granted before is not asked again for code that computes", async () => {
    const { session, author, python, approvals } = await opened();
    approvals.grantsAll = true;
    author.expect(call("1 + 1"), "Two.");
    python.expect({});
    const turn = await session.ask("/ask Add");
    expect(approvals.asked).toEqual([]);
    expect(cellsOf(turn)[0]?.approval).toEqual({ decision: "once", how: "granted" });
    analysis.assertFinished();
  });

  test("is asked for risky code whatever was granted before, after a review", async () => {
    const { session, author, python, approvals, reviewer } = await opened({ inspect: risky });
    approvals.grantsAll = true;
    author.expect(call("df.to_csv('out.csv')"), "Written.");
    reviewer.expect('{"verdict":"approve"}');
    python.expect({});
    await session.ask("/ask Save it");
    expect(approvals.asked).toHaveLength(1);
    expect(reviewer.requests).toHaveLength(1);
    analysis.assertFinished();
  });

  test("denied: nothing runs, no model is asked again, the turn ends", async () => {
    const { session, author, approvals, router } = await opened();
    approvals.answers.push({ decision: "deny" });
    router.expect("assistant_agent, visualization_agent");
    author.expect(call("1 + 1"));
    const turn = await session.ask("Add, then plot");
    expect(turn).toMatchObject({ status: "done", progress: null });
    expect(cellsOf(turn)[0]).toMatchObject({ phase: "denied", approval: { decision: "deny" }, outputs: [] });
    expect(turn.messages.at(-1)).toMatchObject({ to: "user", content: "The code was not run: the user declined." });
    expect(turn.blocks.filter(({ kind }) => kind === "select")).toHaveLength(1);
    analysis.assertFinished();
  });

  test("code that the person edited runs as edited, and the author is told", async () => {
    const { session, author, python, approvals } = await opened();
    approvals.answers.push({ code: "print(2)" });
    author.expect(call("print(1)"), "It printed 2.");
    python.expect({ code: "print(2)", print: "2\n" });
    const turn = await session.ask("/ask Print");
    expect(cellsOf(turn)[0]?.code).toBe("print(2)");
    expect(told()).toContain("The user edited the code before it ran. It was:\nprint(2)");
    analysis.assertFinished();
  });

  test("edited code that Python cannot read is not run", async () => {
    const { session, author, approvals } = await opened({
      inspect: (code) => (code === "((" ? { syntaxError: { message: "never closed", line: 1 } } : {}),
    });
    approvals.answers.push({ code: "((" });
    author.expect(call("print(1)"), "The edited code has a fault.");
    const turn = await session.ask("/ask Print");
    expect(cellsOf(turn)[0]).toMatchObject({ phase: "error", outputs: [{ message: "never closed (line 1)" }] });
    analysis.assertFinished();
  });

  test("time spent waiting for the person does not count", async () => {
    const { session, author, python, approvals } = await opened({
      limits: { budget: { messages: 50, modelCalls: 9, tokens: 9_000, timeMs: 60_000 } },
    });
    const from = Date.now();
    const clock = vi.spyOn(Date, "now").mockImplementation(() => from);
    approvals.meanwhile = () => clock.mockImplementation(() => from + 3_600_000);
    author.expect(call("1"), "One.");
    python.expect({});
    const turn = await session.ask("/ask One");
    clock.mockRestore();
    expect(turn).toMatchObject({ status: "done", durationMs: 3_600_000 });
  });
});

describe("review", () => {
  afterEach(() => analysis.dispose());

  test("that rejects goes back to the author, who writes better code", async () => {
    const { session, author, python, approvals, reviewer } = await opened({ inspect: risky });
    author.expect(call("df.to_csv('out.csv')"), call("print(df)"), "Shown.");
    reviewer.expect('{"verdict":"reject","comment":"Nobody asked for a file."}');
    python.expect({ code: "print(df)" });
    const turn = await session.ask("/ask Show it");
    expect(cellsOf(turn).map(({ phase, repair }) => [phase, repair])).toEqual([
      ["denied", 0],
      ["ok", 1],
    ]);
    expect(cellsOf(turn)[0]?.review?.verdict).toBe("rejected");
    expect(approvals.asked).toHaveLength(1);
    expect(told()).toContain("Nobody asked for a file.");
    analysis.assertFinished();
  });

  test("whose verdict cannot be read twice is said, and the person decides", async () => {
    const { session, author, python, approvals, reviewer } = await opened({ inspect: risky });
    author.expect(call("df.to_csv('out.csv')"), "Written.");
    reviewer.expect("Looks good to me!", "Yes.");
    python.expect({});
    const turn = await session.ask("/ask Save it");
    expect(turn.blocks).toContainEqual(expect.objectContaining({ kind: "notice", code: "review-unreadable" }));
    expect(cellsOf(turn)[0]?.review).toBeNull();
    expect(approvals.asked).toHaveLength(1);
    analysis.assertFinished();
  });

  test("of all code, by setting; none else", async () => {
    const { session, author, python, reviewer } = await opened({ limits: { reviewAll: true } });
    author.expect(call("1"), "One.");
    reviewer.expect('{"verdict":"approve"}');
    python.expect({});
    await session.ask("/ask One");
    expect(reviewer.requests[0]?.messages.at(-1)?.content).toContain("Nothing beyond computing was found");
    analysis.assertFinished();
  });
});

test.each([
  ['{"verdict": "approve", "comment": "ok"}', { verdict: "approved", comment: "ok" }],
  ['```json\n{"verdict": "Rejected"}\n```', { verdict: "rejected", comment: "" }],
  ['I think {"verdict":"reject","comment":"no"} is right', { verdict: "rejected", comment: "no" }],
  ["approve", undefined],
  ['{"verdict": "maybe"}', undefined],
  ['{"verdict": }', undefined],
  ['{"comment": "approve"}', undefined],
])("verdict in %s", (text, verdict) => {
  expect(readVerdict(text)).toEqual(verdict);
});

describe("Python", () => {
  afterEach(() => analysis.dispose());

  test("that ends with a cell is started anew for the next, and the author is told both", async () => {
    const { session, author, python } = await opened();
    author.expect(call("os._exit(1)"), call("print(1)"), "One.");
    python.expect({ status: "exited" }, { print: "1\n" });
    const turn = await session.ask("/ask One");
    expect(cellsOf(turn).map(({ phase }) => phase)).toEqual(["exited", "ok"]);
    expect(python.starts).toHaveLength(2);
    expect(told()).toContain("the Python process ended; all variables are lost");
    expect(told()).toContain("A new Python was started for this cell; earlier variables were lost.");
    analysis.assertFinished();
  });

  test("that was closed between two questions: the next cell's author is told", async () => {
    const { session, author, python } = await opened();
    author.expect(call("a = 1"), "Done.", call("print(a)"), "Done.");
    python.expect({}, {});
    await session.ask("/ask One");
    expect(told()).not.toContain("A new Python was started");
    python.end();
    await session.ask("/ask Two");
    expect(python.starts).toHaveLength(2);
    expect(told()).toContain("A new Python was started for this cell");
    analysis.assertFinished();
  });

  test("that was closed while the person read the code is started anew, and the cell runs", async () => {
    const { session, author, python, approvals } = await opened();
    approvals.meanwhile = () => python.end();
    author.expect(call("print(1)"), "One.");
    python.expect({ print: "1\n" });
    const turn = await session.ask("/ask One");
    expect(cellsOf(turn)[0]?.phase).toBe("ok");
    expect(python.starts).toHaveLength(2);
    analysis.assertFinished();
  });

  test("that could not have its terminal is said in the session", async () => {
    const { session, author } = await opened({ fallback: "no pty" });
    author.expect("Fine.");
    const turn = await session.ask("/ask One");
    expect(turn.blocks).toContainEqual(
      expect.objectContaining({ kind: "notice", code: "no-terminal", text: expect.stringContaining("no pty") }),
    );
  });

  test("that nothing holds is said once, and runs", async () => {
    const { session, author } = await opened({ unheld: "No tool here.", limits: { sandbox: "strict" } });
    author.expect("Fine.", "Fine.");
    const turn = await session.ask("/ask One");
    expect(analysis.python.starts[0]?.sandbox).toBe("strict");
    expect(turn.blocks).toContainEqual(
      expect.objectContaining({ kind: "notice", code: "no-sandbox", text: expect.stringContaining("No tool here.") }),
    );
    await session.restartPython();
    const next = await session.ask("/ask Two");
    expect(analysis.python.starts).toHaveLength(2);
    expect(next.blocks.filter(({ kind }) => kind === "notice")).toEqual([]);
  });

  test("that is held is told to authors, shown with the question, and named where it may be why code fails", async () => {
    const { session, author, python } = await opened({ sandbox: { mode: "strict", folders: ["/s/output"] } });
    author.expect(call("write()"), "Not written.");
    const error = {
      type: "error",
      name: "PermissionError",
      message: "Permission denied: '/x'",
      traceback: "",
    } as const;
    python.expect({ status: "error", outputs: [error] });
    const turn = await session.ask("/ask Write");
    expect(author.requests[0]?.messages[0]?.content).toContain('write files only in "/s/output"');
    expect(cellsOf(turn)[0]?.sandbox).toBe("strict");
    expect(told()).toContain("The sandbox may be why.");
    analysis.assertFinished();
  });

  test("starts once for several questions, with the title and folders of the session", async () => {
    const { session, author, python, open } = await opened();
    author.expect(call("a"), "Done.", call("b"), "Done.");
    python.expect({}, {});
    await session.ask("/ask One");
    await session.ask("/ask Two");
    expect(python.starts).toHaveLength(1);
    expect(python.starts[0]).toMatchObject({ title: "deaths.csv", memoryLimitBytes: Math.floor(totalmem() * 0.75) });
    expect(python.starts[0]?.outputDirectory.startsWith(open.log.folder)).toBe(true);
    analysis.assertFinished();
  });

  test("a cell that runs too long is told as such", async () => {
    const { session, author, python } = await opened();
    author.expect(call("while True: pass"), "It takes too long.");
    python.expect({ status: "timeout" });
    const turn = await session.ask("/ask One");
    expect(cellsOf(turn)[0]?.phase).toBe("timeout");
    expect(told()).toContain("it ran longer than allowed; variables are kept");
  });
});

describe("files", () => {
  afterEach(() => analysis.dispose());

  test("that changed or went away between cells are told to the author", async () => {
    const { session, author, python, attach } = await opened();
    const first = await attach("a.csv");
    const second = await attach("b.csv");
    author.expect(() => {
      writeFileSync(first, "x\n1\n2\n3\n4\n5\n6\n");
      rmSync(second);
      return call("1");
    }, "One.");
    python.expect({});
    await session.ask("/ask One");
    expect(told()).toContain("a.csv has changed on disk since it was described.");
    expect(told()).toContain("b.csv is no longer there");
    expect(told()).not.toContain("deaths.csv has changed");
    analysis.assertFinished();
  });

  test("that changed before a question are read again, described again, and said so", async () => {
    const { session, author, attach, profiled } = await opened();
    const path = await attach("a.csv");
    author.expect("One.", "Two.", "Three.");
    await session.ask("/ask One");
    writeFileSync(path, "x,y\n1,2\n3,4\n5,6\n");
    const turn = await session.ask("/ask Two");
    expect(profiled).toEqual(["deaths.csv", "a.csv", "a.csv"]);
    expect(turn.blocks[0]).toMatchObject({
      kind: "notice",
      code: "file-changed",
      text: expect.stringMatching(/^a\.csv had/),
    });
    rmSync(path);
    const third = await session.ask("/ask Three");
    expect(third.blocks[0]).toMatchObject({ kind: "notice", text: "a.csv is no longer there." });
    expect(told()).toContain("a.csv could not be read");
    expect(session.state.files[1]?.problem).not.toBeNull();
    analysis.assertFinished();
  });

  test("that never could be read are tried again and not called changed", async () => {
    let broken = true;
    const { session, author, python, attach } = await opened({
      profile: (path) => (broken && path.endsWith("bad.csv") ? Promise.reject(new Error("no table")) : {}),
    });
    await attach("bad.csv");
    author.expect(call("1"), "One.", "Two.");
    python.expect({});
    const turn = await session.ask("/ask One");
    expect(turn.blocks.filter(({ kind }) => kind === "notice")).toEqual([]);
    expect(told()).toContain("bad.csv could not be read: no table");
    expect(told()).not.toContain("has changed on disk");
    broken = false;
    await session.ask("/ask Two");
    expect(told()).toContain("File: bad.csv");
    analysis.assertFinished();
  });

  test("keep variables of their own when one is taken out and another added", async () => {
    const { session, author, attach } = await opened();
    const first = session.state.files[0]?.path ?? "";
    await attach("b.csv");
    author.expect("One.", "Two.");
    await session.ask("/ask One");
    expect(told()).toMatch(/df = pd[^]*df2 = pd/);
    session.detach(first);
    await attach("c.csv");
    await session.ask("/ask Two");
    expect(told()).toMatch(/df = pd[^]*df2 = pd/);
    expect(told()).not.toContain("File: deaths.csv");
    analysis.assertFinished();
  });

  test("whose profile is under way are waited for", async () => {
    const { promise, resolve } = Promise.withResolvers<object>();
    const { session, author, attach, profiled } = await opened({
      profile: (path) => (path.endsWith("slow.csv") ? promise : {}),
    });
    author.expect("One.");
    const attaching = attach("slow.csv");
    const asking = session.ask("/ask One");
    setTimeout(() => resolve({ rowCount: 4_321 }), 5);
    await Promise.all([attaching, asking]);
    expect(profiled).toEqual(["deaths.csv", "slow.csv"]);
    expect(told()).toContain("4321 rows");
  });
});
