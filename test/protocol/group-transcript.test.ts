import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { DirectoryEntry } from "../../src/agents/directory/agent-directory.ts";
import { AgentDirectory } from "../../src/agents/directory/agent-directory.ts";
import { type SessionEvent, isTransient, sessionEventSchema } from "../../src/agents/protocol/session-event.ts";
import { emptySession, reduceSession } from "../../src/agents/protocol/session-state.ts";
import { transcriptEntry } from "../../src/agents/sessions/transcript.ts";
import { type Analysis, createAnalysis } from "../../src/agents/testing/analysis-fixture.ts";
import { entryOf } from "../../src/agents/testing/conversing-fixture.ts";

const golden = join(import.meta.dirname, "../fixtures/transcripts/two-level-group.txt");

let analysis: Analysis;
afterEach(() => analysis.dispose());

const plan = { speaker: "round-robin" as const, script: [], end: [], answer: "last" as const };

/** An editor's office: two writers who settle a draft between them, and a reviewer who reads what they settle. */
const entries: readonly DirectoryEntry[] = [
  entryOf({
    name: "office",
    systemMessage: "Get the notice written and reviewed.",
    group: {
      ...plan,
      members: ["writers", "reviewer"],
      speaker: "model",
      maxRounds: 4,
      end: [{ rule: "finish" }],
      answer: "summary",
    },
  }),
  entryOf({
    name: "writers",
    description: "write and mend the text",
    group: { ...plan, members: ["drafter", "shortener"], maxRounds: 2 },
  }),
  entryOf({ name: "drafter", systemMessage: "You write a first draft." }),
  entryOf({ name: "shortener", systemMessage: "You make it short.", asks: ["counter"] }),
  entryOf({ name: "counter", description: "counts words", systemMessage: "You count words." }),
  entryOf({ name: "reviewer", description: "reads and decides", systemMessage: "You review." }),
];

test("two groups, one in the other, are written down as people can read them", async () => {
  const directory = new AgentDirectory();
  directory.add({ entries, onChange: () => () => undefined });
  analysis = await createAnalysis({
    own: { directory, approvals: { granted: () => false, ask: () => Promise.resolve("deny") } },
  });
  const { session, author } = analysis;
  author.expect(
    "writers",
    "Dear all, the library will unfortunately be closed on Friday because of the move.",
    {
      toolCalls: [
        { name: "ask_agent", arguments: { agent: "counter", message: "How many words has: Closed on Friday?" } },
      ],
    },
    "Three.",
    "Closed on Friday.",
    "reviewer",
    "It does not say why. Please add it.",
    "writers",
    "The library is closed on Friday: we are moving.",
    "Closed on Friday: we are moving.",
    "reviewer",
    { toolCalls: [{ name: "finish", arguments: { answer: "Closed on Friday: we are moving." } }] },
  );
  const turn = await session.ask("@office Write a notice: closed on Friday, moving.");
  expect(turn.problem).toBeNull();
  const lines = analysis.events.map((event) => transcriptEntry(event, turn.question)).join("");
  await expect(lines).toMatchFileSnapshot(golden);
  expect(lines).toContain("reviewer (to office):");
  analysis.assertFinished();
});

test("what is on disk of such a run folds into what the person saw", async () => {
  const directory = new AgentDirectory();
  directory.add({ entries, onChange: () => () => undefined });
  analysis = await createAnalysis({
    own: { directory, approvals: { granted: () => false, ask: () => Promise.resolve("deny") } },
  });
  const { session, author, open } = analysis;
  const finish = { toolCalls: [{ name: "finish", arguments: { answer: "Nothing to do." } }] };
  author.expect("writers", "Nothing.", "Nothing.", "reviewer", finish);
  await session.ask("@office Anything?");
  const kept: readonly SessionEvent[] = open.log.events.filter((event) => !isTransient(event));
  const read = kept.map((event) => sessionEventSchema.parse(JSON.parse(JSON.stringify(event))));
  expect(read.reduce(reduceSession, emptySession)).toEqual(session.state);
  expect(session.state.turns[0]?.blocks.at(-1)).toMatchObject({ kind: "text", role: "answer", agent: "reviewer" });
});
