import { expect, test } from "vitest";
import { createAnswerAccumulator, type Answer, type AnswerPiece } from "./answer-accumulator.ts";

function fold(deltas: readonly unknown[], offered: readonly string[] = [], finish: string | null = "stop") {
  const accumulator = createAnswerAccumulator(offered);
  const shown: AnswerPiece[] = deltas.flatMap((delta) => [...accumulator.add({ choices: [{ delta }] })]);
  if (finish !== null) {
    shown.push(...accumulator.add({ choices: [{ delta: {}, finish_reason: finish }] }));
  }
  const { pieces, answer } = accumulator.end();
  return { shown: [...shown, ...pieces], answer };
}

function callsOf(answer: Answer): readonly (readonly [string, string])[] {
  return answer.toolCalls.map((call) => [call.name, call.arguments]);
}

test("text pieces are shown as they come and kept whole", () => {
  const { shown, answer } = fold([{ role: "assistant" }, { content: "Hel" }, { content: "lo" }]);
  expect(shown).toEqual([
    { type: "text", text: "Hel" },
    { type: "text", text: "lo" },
  ]);
  expect(answer).toMatchObject({ text: "Hello", finishReason: "stop", repairs: [] });
});

test("a missing finish reason is noted", () => {
  const { answer } = fold([{ content: "x" }], [], null);
  expect(answer).toMatchObject({ finishReason: "unknown", repairs: ["no finish reason was sent"] });
});

test.each([null, undefined, 5, "text", {}, { choices: null }, { choices: [null] }, { choices: [{ delta: null }] }])(
  "%j is no answer and no harm",
  (chunk) => {
    const accumulator = createAnswerAccumulator([]);
    expect(accumulator.add(chunk)).toEqual([]);
    expect(accumulator.begun).toBe(false);
  },
);

test("a count of its own ends an answer, a count beside text does not", () => {
  const usage = { prompt_tokens: 3, completion_tokens: 2 };
  const accumulator = createAnswerAccumulator([]);
  accumulator.add({ choices: [{ delta: { content: "x" } }], usage });
  expect(accumulator.finished).toBe(false);
  accumulator.add({ choices: [], usage });
  expect(accumulator.finished).toBe(true);
  expect(accumulator.end().answer.usage).toEqual({ promptTokens: 3, completionTokens: 2, estimated: false });
});

test.each([
  ["reasoning_content", [{ reasoning_content: "hmm" }, { content: "yes" }]],
  ["reasoning", [{ reasoning: "hmm" }, { content: "yes" }]],
  ["both names at once", [{ reasoning: "hmm", reasoning_content: "hmm" }, { content: "yes" }]],
  [
    "think tags in pieces",
    [{ content: "<th" }, { content: "ink>h" }, { content: "mm</thi" }, { content: "nk>\n\nyes" }],
  ],
  ["parts", [{ content: [{ type: "thinking", thinking: [{ type: "text", text: "hmm" }] }] }, { content: "yes" }]],
])("thoughts as %s are told from the answer", (_, deltas) => {
  const { shown, answer } = fold(deltas);
  expect(answer).toMatchObject({ text: "yes", reasoning: "hmm" });
  expect(shown.filter(({ type }) => type === "reasoning").length).toBeGreaterThan(0);
});

test("thoughts whose opening tag is missing are taken out of the whole text", () => {
  const { answer } = fold([{ content: "hmm</think>yes" }]);
  expect(answer).toMatchObject({ text: "yes", reasoning: "hmm" });
});

test("a think tag in the middle of an answer is the answer's own text", () => {
  expect(fold([{ content: "Write <think>x</think> so." }]).answer.text).toBe("Write <think>x</think> so.");
});

test("content as parts is joined", () => {
  const content = [
    { type: "text", text: "a" },
    { type: "text", text: "b" },
  ];
  expect(fold([{ content }]).answer.text).toBe("ab");
});

const args = '{"code":"1"}';
const toolCases: readonly (readonly [string, readonly unknown[], readonly (readonly [string, string])[]])[] = [
  [
    "in pieces",
    [
      { tool_calls: [{ index: 0, id: "a", function: { name: "run", arguments: '{"code"' } }] },
      { tool_calls: [{ index: 0, function: { arguments: ':"1"}' } }] },
    ],
    [["run", args]],
  ],
  [
    "without index and id",
    [
      { tool_calls: [{ function: { name: "run", arguments: '{"code"' } }] },
      { tool_calls: [{ function: { arguments: ':"1"}' } }] },
    ],
    [["run", args]],
  ],
  [
    "whose name comes late",
    [
      { tool_calls: [{ index: 0, id: "a", function: { arguments: '{"code"' } }] },
      { tool_calls: [{ index: 0, function: { name: "run", arguments: ':"1"}' } }] },
    ],
    [["run", args]],
  ],
  [
    "whose name repeats",
    [
      { tool_calls: [{ index: 0, id: "a", function: { name: "run", arguments: '{"code"' } }] },
      { tool_calls: [{ index: 0, id: "a", function: { name: "run", arguments: ':"1"}' } }] },
    ],
    [["run", args]],
  ],
  [
    "whose name comes in parts",
    [
      { tool_calls: [{ index: 0, id: "a", function: { name: "pl" } }] },
      { tool_calls: [{ index: 0, function: { name: "ot", arguments: args } }] },
    ],
    [["plot", args]],
  ],
  [
    "with an object for arguments",
    [{ tool_calls: [{ index: 0, function: { name: "run", arguments: { code: "1" } } }] }],
    [["run", args]],
  ],
  ["without arguments", [{ tool_calls: [{ index: 0, function: { name: "run", arguments: "" } }] }], [["run", "{}"]]],
  [
    "that share one index",
    [
      { tool_calls: [{ index: 0, id: "a", function: { name: "run", arguments: args } }] },
      { tool_calls: [{ index: 0, id: "b", function: { name: "plot", arguments: args } }] },
    ],
    [
      ["run", args],
      ["plot", args],
    ],
  ],
  [
    "two in one piece without an index",
    [
      {
        tool_calls: [
          { id: "a", function: { name: "run", arguments: args } },
          { id: "b", function: { name: "run", arguments: args } },
        ],
      },
    ],
    [
      ["run", args],
      ["run", args],
    ],
  ],
  [
    "of the old kind",
    [{ function_call: { name: "run", arguments: '{"code"' } }, { function_call: { arguments: ':"1"}' } }],
    [["run", args]],
  ],
];

test.each(toolCases)("a tool call %s is put together", (_, deltas, expected) => {
  const { answer, shown } = fold(deltas, ["run", "plot"]);
  expect(callsOf(answer)).toEqual(expected);
  expect(answer.finishReason).toBe("tool-calls");
  expect(new Set(answer.toolCalls.map(({ id }) => id)).size).toBe(expected.length);
  const streamed = shown.flatMap((piece) => (piece.type === "tool-delta" ? [piece.arguments] : [])).join("");
  expect(streamed).toBe(expected.map(([, text]) => (text === "{}" ? "" : text)).join(""));
});

test("a call without a name means the only tool there is, and is dropped among several", () => {
  const deltas = [{ tool_calls: [{ index: 0, function: { arguments: args } }] }];
  expect(callsOf(fold(deltas, ["run"]).answer)).toEqual([["run", args]]);
  expect(callsOf(fold(deltas, ["run", "plot"]).answer)).toEqual([]);
});

test("a call printed as text is held back, and read as a call", () => {
  const text = '{"name": "run", "arguments": {"code": "1"}}';
  const { shown, answer } = fold([{ content: text.slice(0, 9) }, { content: text.slice(9) }], ["run"]);
  expect(shown).toEqual([]);
  expect(callsOf(answer)).toEqual([["run", args]]);
  expect(answer).toMatchObject({ text: "", finishReason: "tool-calls" });
});

test("JSON that is no call is shown after all", () => {
  const { shown, answer } = fold([{ content: '{"a"' }, { content: ": 1}" }], ["run"]);
  expect(shown).toEqual([{ type: "text", text: '{"a": 1}' }]);
  expect(answer.text).toBe('{"a": 1}');
});
