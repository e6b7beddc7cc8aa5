import { afterEach, describe, expect, test } from "vitest";
import { type Analysis, type AnalysisOptions, cellsOf, createAnalysis } from "../testing/analysis-fixture.ts";
import { codeCall, systemIn, toldIn } from "../testing/model-words.ts";
import type { CellOutput } from "../protocol/cell-output.ts";

let analysis: Analysis;

afterEach(() => analysis.dispose());

async function opened(options: AnalysisOptions = {}): Promise<Analysis> {
  analysis = await createAnalysis(options);
  await analysis.attach();
  return analysis;
}

function failure(message: string): CellOutput {
  return { type: "error", name: "KeyError", message, traceback: `line 1\nKeyError: ${message}` };
}

describe("code", () => {
  test("by tool call: runs, is shown, and its output answers the call", async () => {
    const { session, author, python } = await opened();
    author.expect(codeCall("print(df.Deaths.sum())", "Let me add them up."), "The total is **7**.");
    python.expect({ code: "sum", print: "7\n" });
    const turn = await session.ask("/ask How many deaths?");
    expect(turn).toMatchObject({ status: "done", usage: { calls: 2 }, problem: null });
    expect(turn.blocks.map((block) => [block.kind, block.kind === "text" ? block.role : ""])).toEqual([
      ["select", ""],
      ["text", "comment"],
      ["cell", ""],
      ["text", "answer"],
    ]);
    expect(cellsOf(turn)[0]).toMatchObject({
      number: 1,
      agent: "assistant_agent",
      code: "print(df.Deaths.sum())",
      phase: "ok",
      repair: 0,
      approval: { decision: "once", how: "person" },
      outputs: [{ type: "text", text: "7\n" }],
    });
    expect(session.output()).toBe("The total is **7**.");
    const [, , assistant, tool] = author.requests[1]?.messages ?? [];
    expect(assistant).toMatchObject({ role: "assistant", content: "Let me add them up." });
    expect(tool).toMatchObject({ role: "tool", content: expect.stringContaining("Code output: 7") });
    expect(tool?.role === "tool" ? tool.toolCallId : "").toBe("call_1_0");
    analysis.assertFinished();
  });

  test("by fenced block: the same, and what follows the block is not believed", async () => {
    const { session, author, python } = await opened();
    author.expect("I add.\n\n```python\nprint(1+1)\n```\n\nThe output is 99999.", "It is **2**.");
    python.expect({ code: "print(1+1)", print: "2\n" });
    const turn = await session.ask("/ask How many deaths?");
    expect(cellsOf(turn)[0]?.code.trim()).toBe("print(1+1)");
    expect(session.output()).toBe("It is **2**.");
    expect(toldIn(author.requests[1])).not.toContain("99999");
    expect(author.requests[1]?.messages.at(-1)?.role).toBe("user");
    analysis.assertFinished();
  });

  test("arguments that cannot be read go back with how to mend them, and leave nothing behind", async () => {
    const { session, author, python } = await opened();
    author.expect(
      { text: "", toolCalls: [{ name: "run_python", arguments: '{"code": "pri' }], pieceLength: 3 },
      { toolCalls: [{ name: "execute", arguments: { code: "1" } }] },
      codeCall("print(1)"),
      "Done.",
    );
    python.expect({ print: "1\n" });
    const turn = await session.ask("/ask Go");
    expect(cellsOf(turn)).toHaveLength(1);
    expect(toldIn(author.requests[1])).toContain('Call run_python again with {"code": "…"}');
    expect(toldIn(author.requests[2])).toContain("There is no tool called execute.");
    expect(author.requests[1]?.messages.some(({ role, content }) => role === "assistant" && content === "")).toBe(
      false,
    );
    analysis.assertFinished();
  });

  test("several cells of one question are counted through the session", async () => {
    const { session, author, python } = await opened();
    author.expect(codeCall("a = 1"), codeCall("b = 2"), "Done.", codeCall("c = 3"), "Done.");
    python.expect({ code: "a" }, { code: "b" }, { code: "c" });
    const first = await session.ask("/ask One");
    const second = await session.ask("/ask Two");
    expect([...cellsOf(first), ...cellsOf(second)].map(({ number }) => number)).toEqual([1, 2, 3]);
    analysis.assertFinished();
  });
});

describe("repairs", () => {
  test("carry the question, the description of the file, the last code and the last error, and are counted", async () => {
    const { session, author, python } = await opened();
    author.expect(codeCall("df['Dead'].sum()"), codeCall("df['Deaths'].sum()"), "It is **7**.");
    python.expect({ status: "error", outputs: [failure("'Dead'")] }, { print: "7\n" });
    const turn = await session.ask("/ask How many died of floods?");
    expect(cellsOf(turn).map(({ phase, repair }) => [phase, repair])).toEqual([
      ["error", 0],
      ["ok", 1],
    ]);
    const messages = author.requests[1]?.messages ?? [];
    expect(messages.at(-1)?.content).toContain("The question is still: How many died of floods?");
    expect(messages.at(-1)?.content).toContain("KeyError: 'Dead'");
    expect(messages.at(-1)?.content).toContain("repair 1 of 3");
    expect(JSON.stringify(messages.at(-2))).toContain("df['Dead'].sum()");
    expect(toldIn(author.requests[1])).toContain("File: deaths.csv");
    analysis.assertFinished();
  });

  test("end after three: then the tool is gone and words are asked for", async () => {
    const { session, author, python } = await opened();
    author.expect(...[0, 1, 2, 3].map((index) => codeCall(`attempt(${index})`)), "I could not compute it.");
    python.expect(...[0, 1, 2, 3].map(() => ({ status: "error" as const, outputs: [failure("x")] })));
    const turn = await session.ask("/ask Try");
    expect(cellsOf(turn).map(({ repair }) => repair)).toEqual([0, 1, 2, 3]);
    expect(author.requests[3]?.tools).toHaveLength(1);
    expect(author.requests[4]?.tools).toBeUndefined();
    expect(author.requests[4]?.messages.at(-1)?.content).toContain("No more code can be run");
    expect(session.output()).toBe("I could not compute it.");
    analysis.assertFinished();
  });

  test("a model that calls the tool all the same is not obeyed", async () => {
    const { session, author, python } = await opened();
    author.expect(
      ...[0, 1, 2, 3].map((index) => codeCall(`attempt(${index})`)),
      { toolCalls: [{ name: "run_python", arguments: { code: "attempt(4)" } }], pieceLength: 4 },
      "I could not compute it.",
    );
    python.expect(...[0, 1, 2, 3].map(() => ({ status: "error" as const, outputs: [failure("x")] })));
    const turn = await session.ask("/ask Try");
    expect(python.ran).toHaveLength(4);
    expect(cellsOf(turn)).toHaveLength(4);
    expect(session.output()).toBe("I could not compute it.");
    analysis.assertFinished();
  });

  test("code that cannot be read by Python is not run and goes back", async () => {
    const { session, author, python } = await opened({
      inspect: (code) => (code.includes("((") ? { syntaxError: { message: "'(' was never closed", line: 1 } } : {}),
    });
    author.expect(codeCall("print(("), codeCall("print(1)"), "Done.");
    python.expect({ code: "print(1)" });
    const turn = await session.ask("/ask Go");
    expect(cellsOf(turn)[0]).toMatchObject({ phase: "error", approval: null, outputs: [{ name: "SyntaxError" }] });
    expect(toldIn(author.requests[1])).toContain("'(' was never closed");
    expect(analysis.approvals.asked).toHaveLength(1);
    analysis.assertFinished();
  });
});

describe("answers", () => {
  test("with figures that stand nowhere are sent back, once", async () => {
    const { session, author, python, events } = await opened();
    author.expect("The total is 123,456.", codeCall("print(7)"), "The total is **7**, not 123,456.");
    python.expect({ print: "7\n" });
    const turn = await session.ask("/ask How many?");
    expect(toldIn(author.requests[1])).toContain("these figures stand nowhere in the description of the file: 123,456");
    expect(turn.blocks.filter(({ kind }) => kind === "text")).toHaveLength(1);
    expect(events.some(({ type }) => type === "block-drop")).toBe(true);
    analysis.assertFinished();
  });

  test("are taken the second time", async () => {
    const { session, author } = await opened();
    author.expect("It is 123456.", "It still is 123456.");
    await session.ask("/ask How many?");
    expect(session.output()).toBe("It still is 123456.");
    analysis.assertFinished();
  });

  test("with figures of the question or the description are taken at once", async () => {
    const { session, author } = await opened({ profile: () => ({ rowCount: 123_456 }) });
    author.expect("There are 123,456 rows, more than 5000, since 1901.");
    await session.ask("/ask Are there more than 5000 rows?");
    expect(session.output()).toContain("123,456");
    analysis.assertFinished();
  });

  test("that are empty are asked for once more, then the turn fails with a code", async () => {
    const { session, author } = await opened();
    author.expect("", "  \n", { text: "never" });
    const turn = await session.ask("/ask How many?");
    expect(turn).toMatchObject({ status: "failed", problem: { code: "model.empty" } });
    expect(turn.blocks.filter(({ kind }) => kind === "text")).toEqual([]);
    expect(toldIn(author.requests[1])).toContain("Your reply was empty");
    author.expect();
    expect(author.requests).toHaveLength(2);
  });

  test("are asked for in Chinese after a Chinese question, and in the language of the question else", async () => {
    const { session, author, router } = await opened();
    router.expect("assistant_agent", "assistant_agent");
    author.expect("共 7 人。", "Seven.");
    await session.ask("1901年有多少人死亡？");
    expect(systemIn(author.requests[0])).toContain("Answer in Chinese");
    await session.ask("How many?");
    expect(systemIn(author.requests[1])).toContain("Answer in the language of the question");
    expect(systemIn(author.requests[1])).not.toContain("Answer in Chinese");
    analysis.assertFinished();
  });
});
