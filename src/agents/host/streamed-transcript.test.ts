import { expect, test } from "vitest";
import type { SessionEvent } from "../protocol/session-event.ts";
import { transcriptEntry } from "../sessions/transcript.ts";
import { createAnalysis } from "../testing/analysis-fixture.ts";
import type { ScriptedAnswer } from "../testing/scripted-model.ts";
import { StreamedTranscript } from "./streamed-transcript.ts";

const call = (code: string, text = ""): ScriptedAnswer => ({
  text,
  toolCalls: [{ name: "run_python", arguments: { code } }],
});

/** Everything that happens when the author writes `answers`, in pieces of a few letters, and says "Done." */
async function eventsOf(answers: readonly ScriptedAnswer[], cells: number): Promise<readonly SessionEvent[]> {
  const analysis = await createAnalysis();
  await analysis.attach();
  analysis.author.expect(...answers.map((answer) => ({ pieceLength: 3, ...answer })), "Done.");
  analysis.python.expect(...Array.from({ length: cells }, () => ({ print: "out\n" })));
  await analysis.session.ask("/ask How many?");
  await analysis.dispose();
  analysis.assertFinished();
  return analysis.events;
}

function streamed(events: readonly SessionEvent[]): { readonly whole: string; readonly pieces: readonly string[] } {
  const pieces: string[] = [];
  const transcript = new StreamedTranscript((text) => pieces.push(text));
  for (const event of events) {
    transcript.read(event);
  }

  return { whole: pieces.join(""), pieces: pieces.filter((piece) => piece !== "") };
}

function unstreamed(events: readonly SessionEvent[]): string {
  return events.map((event) => transcriptEntry(event, "How many?")).join("");
}

const code = "import pandas as pd\n\nfor row in rows:\n    print(row)\n";

test.each<[string, readonly ScriptedAnswer[], number]>([
  ["a tool call", [call(code)], 1],
  ["a tool call after words", [call(code.trimEnd(), "I look at `rows`.\n")], 1],
  ["a tool call of a model that thinks", [{ ...call(code, "So:"), reasoning: "Hm.\nHm." }], 1],
  ["a fenced block", [{ text: `Look:\n\n\`\`\`python\n${code}\`\`\`\nand then` }], 1],
  ["blank lines at the end", [{ text: `\`\`\`python\n${code}\n\n\n\`\`\`` }], 1],
  ["two cells", [call("a = 1"), call("b = 2", "More.")], 2],
  ["code like the transcript's own lines", [call('print("```python\\n```")', "```")], 1],
  ["words alone", [], 0],
])("%s: the same text as the unstreamed transcript", async (_name, answers, cells) => {
  const events = await eventsOf(answers, cells);
  expect(streamed(events).whole).toBe(unstreamed(events));
});

test("several fenced blocks: nothing twice, white space aside the same text", async () => {
  const events = await eventsOf([{ text: "```python\nfirst = 1\n```\nand\n```python\nsecond = 2\n```" }], 1);
  const { whole } = streamed(events);
  expect(whole.replaceAll(/\s+/g, " ")).toBe(unstreamed(events).replaceAll(/\s+/g, " "));
  expect(whole.split("first = 1")).toHaveLength(2);
});

test("code is printed as it comes, before its message", async () => {
  const events = await eventsOf([call(code)], 1);
  const message = events.findIndex((event) => event.type === "message" && event.message.to === "python_interpreter");
  expect(streamed(events.slice(0, message)).whole).toMatch(/for row in rows:\n {4}print\(row\)$/);
  expect(streamed(events).pieces.length).toBeGreaterThan(20);
});

test("a draft that came to nothing is closed, and the next stands on its own", async () => {
  const events = await eventsOf(
    [{ toolCalls: [{ name: "run_python", arguments: '{"code": "half_a_cell(' }] }, call("whole = 1")],
    1,
  );
  const { whole } = streamed(events);
  expect(whole.split("half_a_cell(")).toHaveLength(2);
  expect(whole.split("whole = 1")).toHaveLength(2);
  expect(whole).toMatch(
    /half_a_cell\(\n```\n\nassistant_agent \(to python_interpreter\):\n\n```python\nwhole = 1\n```/,
  );
});
