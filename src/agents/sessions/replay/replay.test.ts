import { afterEach, expect, test } from "vitest";
import { defaultBudget } from "../../core/budget.ts";
import type { SessionEvent } from "../../protocol/session-event.ts";
import type { Turn } from "../../protocol/session-state.ts";
import { type Analysis, cellsOf, createAnalysis } from "../../testing/analysis-fixture.ts";
import { provideModel } from "../../testing/scripted-model.ts";
import { AnalysisSession } from "../analysis-session.ts";

let analysis: Analysis;
afterEach(async () => {
  analysis.assertFinished();
  await analysis.dispose();
});

const call = (code: string) => ({ toolCalls: [{ name: "run_python", arguments: { code } }] });
const prints = (text: string) => ({ outputs: [{ type: "text" as const, stream: "stdout" as const, text }] });

const risky = (code: string) =>
  code.includes("to_csv") ? { effects: [{ kind: "write-file" as const, detail: "out.csv", line: 1 }] } : {};

/** A question that took two cells. */
async function asked(): Promise<Turn> {
  analysis = await createAnalysis();
  await analysis.attach();
  const { session, author, python } = analysis;
  author.expect(call("n = 3"), call("print(n + 4)"), "There were 7 deaths.");
  python.expect(prints("ok"), prints("7"));
  return await session.ask("/ask How many deaths?");
}

function messageIn(turn: Turn, from: string, to: string, nth = 0): string {
  const found = turn.messages.filter((message) => message.from === from && message.to === to)[nth];
  if (found === undefined) {
    throw new Error(`There is no message ${nth} from ${from} to ${to}.`);
  }

  return found.id;
}

const replay = (turn: Turn, messageId: string, content: string) =>
  analysis.session.replay({ turnId: turn.id, messageId, content });
const said = ({ messages }: Turn) => messages.map(({ from, to, content }) => [from, to, content]);
const fromLog = ({ blocks }: Turn) => blocks.filter(({ replayed }) => replayed === true).map(({ kind }) => kind);
const notices = ({ blocks }: Turn) => blocks.flatMap((block) => (block.kind === "notice" ? [block.code] : []));
const answers = ({ blocks }: Turn) =>
  blocks.flatMap((block) => (block.kind === "text" && block.role === "answer" ? [block.text] : []));

test("what Python said is changed: cells before are not run again, and the author goes on with the new words", async () => {
  const turn = await asked();
  const { author, session, python } = analysis;
  const before = author.requests.length;
  author.expect("There were 1,007 deaths.");
  const again = await replay(
    turn,
    messageIn(turn, "python_interpreter", "assistant_agent", 1),
    "exitcode: 0 (execution succeeded)\nCode output: 1007",
  );
  expect(again.status).toBe("done");
  expect(python.ran).toHaveLength(2);
  expect(author.requests).toHaveLength(before + 1);
  expect(JSON.stringify(author.requests.at(-1)?.messages)).toContain("1007");
  expect(said(again).slice(0, -3)).toEqual(said(turn).slice(0, -3));
  expect(answers(again)).toEqual(["There were 1,007 deaths."]);
  expect(cellsOf(again).map(({ outputs, phase, replayed }) => [phase, outputs.length, replayed])).toEqual([
    ["ok", 1, true],
    ["ok", 1, true],
  ]);
  expect(fromLog(again)).toEqual(["select", "cell", "cell"]);
  expect(notices(again)).toEqual(["replay-log", "replay-changed"]);
  expect(again.usage.calls).toBe(1);
  expect(again.pythonMs).toBe(0);
  expect(again.replay).toMatchObject({ turnId: turn.id, end: "changed", changed: again.messages.at(-3)?.id });
  expect(again.replay?.messages).toHaveLength(again.messages.length - 3);
  expect(session.state.turns).toHaveLength(1);
  expect(session.state.removed[0]?.turns[0]?.id).toBe(turn.id);
});

test("code is changed in the message that carries it: it runs, and its author believes it was its own", async () => {
  const turn = await asked();
  const { author, python } = analysis;
  author.expect("There were 10 deaths.");
  python.expect({ ...prints("10"), code: "print(n + 7)" });
  const id = messageIn(turn, "assistant_agent", "python_interpreter", 1);
  const again = await replay(turn, id, "```python\nprint(n + 7)\n```");
  expect(answers(again)).toEqual(["There were 10 deaths."]);
  const read = JSON.stringify(author.requests.at(-1)?.messages);
  expect(read).toContain("print(n + 7)");
  expect(read).not.toContain("print(n + 4)");
  expect(cellsOf(again).map(({ code, replayed }) => [code, replayed ?? false])).toEqual([
    ["n = 3", true],
    ["print(n + 7)", false],
  ]);
  expect(notices(again)).toEqual(["replay-log", "replay-changed", "replay-variables-later"]);
});

test("Python that was started anew runs the cells of the log once more, with the person's yes", async () => {
  const turn = await asked();
  const { author, python, approvals, session } = analysis;
  await session.restartPython();
  const before = approvals.asked.length;
  author.expect("There were 10 deaths.");
  python.expect({ code: "n = 3" }, { ...prints("10"), code: "print(n + 7)" });
  const id = messageIn(turn, "assistant_agent", "python_interpreter", 1);
  const again = await replay(turn, id, "```python\nprint(n + 7)\n```");
  expect(answers(again)).toEqual(["There were 10 deaths."]);
  expect(approvals.asked.slice(before).map(({ code }) => code)).toEqual(["n = 3", "print(n + 7)"]);
  expect(notices(again)).toEqual(["replay-log", "replay-changed", "replay-cells-again"]);
});

test("a no to the cells of the log is told, and the rest goes on", async () => {
  const turn = await asked();
  const { author, python, approvals, session } = analysis;
  await session.restartPython();
  approvals.answers.push({ decision: "deny" });
  python.expect({ code: "print(n + 7)", status: "error" });
  author.expect("There is no n.");
  const id = messageIn(turn, "assistant_agent", "python_interpreter", 1);
  const again = await replay(turn, id, "```python\nprint(n + 7)\n```");
  expect(notices(again)).toContain("replay-cells-failed");
});

test("a run that goes another way before the change says so and runs anew", async () => {
  const turn = await asked();
  const { author, session, open, python } = analysis;
  // What the models said is not in logs of earlier versions.
  for (const event of open.log.events) {
    Reflect.deleteProperty(event, "said");
  }

  author.expect(call("m = 3"), "Three.");
  python.expect(prints("3"));
  const id = messageIn(turn, "python_interpreter", "assistant_agent", 1);
  const again = await replay(turn, id, "exitcode: 0\nCode output: 1007");
  expect(notices(again)).toEqual(["replay-log", "replay-model-asked", "replay-deviated"]);
  expect(again.replay).toMatchObject({ end: "deviated", changed: null });
  expect(answers(again)).toEqual(["Three."]);
  expect(fromLog(again)).toEqual(["select"]);
  expect(session.state.turns).toHaveLength(1);
});

test("the answer itself is changed: nothing runs, and what follows builds on it", async () => {
  const turn = await asked();
  const again = await replay(
    turn,
    messageIn(turn, "assistant_agent", "data_analysis_pipeline"),
    "Seven, as far as known.",
  );
  expect(answers(again)).toEqual(["Seven, as far as known."]);
  expect(said(again).at(-1)).toEqual(["data_analysis_pipeline", "user", "Seven, as far as known."]);
  expect(again.usage.calls).toBe(0);
  expect(analysis.session.output()).toBe("Seven, as far as known.");
  analysis.author.expect("As I said: seven.");
  await analysis.session.ask("/ask Again?");
  expect(JSON.stringify(analysis.author.requests.at(-1)?.messages)).toContain("Seven, as far as known.");
});

test("the question itself is changed: it is asked anew in its place", async () => {
  const turn = await asked();
  analysis.author.expect("Drought and flood.");
  const again = await replay(turn, messageIn(turn, "user", "data_analysis_pipeline"), "Which disasters?");
  expect(again).toMatchObject({ question: "Which disasters?", agent: "assistant_agent", status: "done" });
  expect(again.replay).toBeUndefined();
  expect(analysis.session.state.turns).toHaveLength(1);
});

test("a replay is played again, and a run that it took the place of, too", async () => {
  const turn = await asked();
  const { author, session, python } = analysis;
  author.expect("There were 1,007 deaths.");
  const first = await replay(turn, messageIn(turn, "python_interpreter", "assistant_agent", 1), "Code output: 1007");
  author.expect("There were 2,007 deaths.");
  const id = messageIn(first, "python_interpreter", "assistant_agent", 1);
  const second = await replay(first, id, "Code output: 2007");
  expect(answers(second)).toEqual(["There were 2,007 deaths."]);
  author.expect("There were 3,007 deaths.");
  const third = await replay(turn, messageIn(turn, "python_interpreter", "assistant_agent", 1), "Code output: 3007");
  expect(answers(third)).toEqual(["There were 3,007 deaths."]);
  expect(session.state.turns.map(({ id: turnId }) => turnId)).toEqual([third.id]);
  expect(python.ran).toHaveLength(2);
  expect(notices(second)).toEqual(["replay-log", "replay-changed"]);
});

test("a message that is gone is refused, and so is any while a question is being answered", async () => {
  const turn = await asked();
  const { session, author } = analysis;
  await expect(replay(turn, "nothing", "x")).rejects.toMatchObject({ code: "replay.gone" });
  const { promise, resolve } = Promise.withResolvers<void>();
  author.expect({ text: "Later.", until: promise });
  const asking = session.ask("/ask More?");
  await expect(replay(turn, messageIn(turn, "user", "data_analysis_pipeline"), "x")).rejects.toMatchObject({
    code: "session.busy",
  });
  resolve();
  await asking;
});

const isDone = (event: SessionEvent) => event.type === "message" && event.message.from === "python_interpreter";

test("a run that was stopped is played again as far as it came", async () => {
  analysis = await createAnalysis();
  await analysis.attach();
  const { session, author, python, events } = analysis;
  author.expect(call("n = 3"), { text: "never", until: new Promise(() => undefined) });
  python.expect(prints("3"));
  const asking = session.ask("/ask How many deaths?");
  await expect.poll(() => events.some(isDone)).toBe(true);
  await session.stop();
  const turn = await asking;
  author.expect("Four.");
  const again = await replay(turn, messageIn(turn, "python_interpreter", "assistant_agent"), "Code output: 4");
  expect(answers(again)).toEqual(["Four."]);
  expect(python.ran).toHaveLength(1);
});

test("what the reviewer is told is changed: its cell goes on from there, in its place", async () => {
  analysis = await createAnalysis({ inspect: risky });
  await analysis.attach();
  const { session, author, python, reviewer, approvals } = analysis;
  author.expect(call("n = 3"), call("df.to_csv('out.csv')"), "Written.");
  reviewer.expect('{"verdict":"approve"}');
  python.expect({}, {});
  const turn = await session.ask("/ask Save it");
  await session.restartPython();
  reviewer.expect('{"verdict":"approve","comment":"It is as asked."}');
  python.expect({ code: "n = 3" }, { code: "df.to_csv('out.csv')" });
  author.expect("Saved.");
  const before = approvals.asked.length;
  const again = await replay(turn, messageIn(turn, "python_interpreter", "code_review_agent"), "Look again, please.");
  expect(answers(again)).toEqual(["Saved."]);
  expect(approvals.asked.slice(before).map(({ code }) => code)).toEqual(["n = 3", "df.to_csv('out.csv')"]);
  expect(JSON.stringify(reviewer.requests.at(-1)?.messages)).toContain("Look again, please.");
  const [first, second] = cellsOf(turn);
  expect(
    cellsOf(again).map(({ id, phase, replayed, review }) => [id, phase, replayed ?? false, review?.comment]),
  ).toEqual([
    [first?.id, "ok", true, undefined],
    [second?.id, "ok", false, "It is as asked."],
    [expect.any(String), "ok", false, undefined],
  ]);
});

test.each([
  ["reject: nobody asked for a file", "rejected", "denied"],
  ["Fine.", "approved", "ok"],
])("what the reviewer says is changed to “%s”", async (words, verdict, phase) => {
  analysis = await createAnalysis({ inspect: risky });
  await analysis.attach();
  const { session, author, python, reviewer } = analysis;
  author.expect(call("df.to_csv('out.csv')"), "Written.");
  reviewer.expect('{"verdict":"approve"}');
  python.expect({});
  const turn = await session.ask("/ask Save it");
  if (phase === "ok") {
    python.expect({});
  }
  author.expect("So be it.");
  const again = await replay(turn, messageIn(turn, "code_review_agent", "python_interpreter"), words);
  expect(cellsOf(again)[0]).toMatchObject({ phase, review: { verdict, comment: words } });
});

test("an output that is changed to an error has its author mend the code", async () => {
  const turn = await asked();
  const { author, python } = analysis;
  author.expect(call("print(len(df))"), "Two.");
  python.expect(prints("2"));
  const id = messageIn(turn, "python_interpreter", "assistant_agent", 1);
  const again = await replay(turn, id, "exitcode: 1 (execution failed)\nCode output: NameError");
  expect(cellsOf(again).map(({ repair }) => repair)).toEqual([0, 0, 1]);
});

test("a session that was opened again: the file is described once more, which is no other way", async () => {
  await asked();
  const { session, author, python, store, open, approvals } = analysis;
  author.expect(call("m = 5"), "Five.");
  python.expect(prints("5"));
  const turn = await session.ask("/ask And droughts?");
  expect(turn.messages.some(({ to }) => to === "preview_file_agent")).toBe(false);
  await session.dispose();
  await open.close();
  const opened = await store.open(open.log.id);
  const again = new AnalysisSession({
    log: opened.log,
    models: provideModel(author),
    python,
    profiler: { profile: () => Promise.reject(new Error("none")), findJoins: () => Promise.resolve([]) },
    approvals,
    limits: () => ({ budget: defaultBudget, cellTimeLimitMs: 0, memoryLimitBytes: 0, reviewAll: false }),
    onEvent: () => undefined,
  });
  author.expect(call("print(m)"), "Six.");
  python.expect({ code: "m = 5" }, { ...prints("6"), code: "print(m)" });
  const messageId = messageIn(turn, "python_interpreter", "assistant_agent");
  const played = await again.replay({ turnId: turn.id, messageId, content: "Code output: 6" });
  expect(played.replay).toMatchObject({ end: "changed" });
  expect(answers(played)).toEqual(["Six."]);
  expect(notices(played)).toEqual(["replay-log", "replay-changed", "replay-cells-again"]);
  expect(played.messages.filter(({ to }) => to === "preview_file_agent")).toHaveLength(1);
  expect(again.state.turns.map(({ question }) => question)).toEqual(["How many deaths?", "And droughts?"]);
  await again.dispose();
  await opened.close();
});
