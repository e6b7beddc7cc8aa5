import { afterEach, expect, test } from "vitest";
import { messageOf } from "../../base/errors.ts";
import { answer } from "../../core/reply.ts";
import { AgentDirectory, type DirectoryEntry } from "../../directory/agent-directory.ts";
import type { HumanInput } from "../../ports/human-input.ts";
import type { Tool } from "../../ports/tool.ts";
import type { Turn } from "../../protocol/session-state.ts";
import { type Analysis, createAnalysis } from "../../testing/analysis-fixture.ts";
import { entryOf, toolOf } from "../../testing/conversing-fixture.ts";

let analysis: Analysis;
afterEach(async () => {
  analysis.assertFinished();
  await analysis.dispose();
});

async function open(
  entries: readonly DirectoryEntry[],
  tools: readonly Tool[] = [],
  humanInput: HumanInput = { ask: () => Promise.resolve("") },
): Promise<Analysis> {
  const directory = new AgentDirectory();
  directory.add({ entries, onChange: () => () => undefined });
  const approvals = { granted: () => true, ask: () => Promise.resolve("deny" as const) };
  const find = (names: readonly string[]) => ({ tools: tools.filter(({ name }) => names.includes(name)), unknown: [] });
  analysis = await createAnalysis({ own: { directory, approvals, humanInput, tools: () => ({ find, all: tools }) } });
  return analysis;
}

function messageIn(turn: Turn, from: string, to: string, nth = 0): string {
  return turn.messages.filter((message) => message.from === from && message.to === to)[nth]?.id ?? "";
}

const group = (name: string, members: readonly string[], maxRounds: number) =>
  entryOf({
    name,
    group: {
      members: [...members],
      speaker: "round-robin",
      script: [],
      maxRounds,
      end: [{ rule: "finish" }],
      answer: "last",
    },
  });
const replay = (turn: Turn, messageId: string, content: string) =>
  analysis.session.replay({ turnId: turn.id, messageId, content });
const said = ({ messages }: Turn) => messages.map(({ from, to, content }) => `${from} > ${to}: ${content}`);
const shown = ({ blocks }: Turn) =>
  blocks.flatMap((block) =>
    block.kind === "text"
      ? [`${block.replayed === true ? "log " : ""}${block.agent} (${block.role}): ${block.text}`]
      : [],
  );
const asked = () =>
  analysis.author.requests.at(-1)?.messages.map(({ role, content }) => `${role}: ${content.slice(0, 90)}`);

const writer = entryOf({ name: "writer" });
const critic = entryOf({ name: "critic" });

test("a word in a group is changed: those before stand, and members remember what they said in them", async () => {
  const { session, author } = await open([group("desk", ["writer", "critic"], 4), writer, critic]);
  author.expect("Draft 1", "Too long", "Draft 2", "Fine");
  const turn = await session.ask("@desk Write");
  author.expect("Draft 2 with rhymes", "Lovely");
  const again = await replay(turn, messageIn(turn, "critic", "desk"), "No rhymes");
  expect(said(again)).toEqual([
    "user > desk: Write",
    "desk > writer: user: Write",
    "writer > desk: Draft 1",
    "desk > critic: user: Write\n\nwriter: Draft 1",
    "critic > desk: No rhymes",
    "desk > writer: critic: No rhymes",
    "writer > desk: Draft 2 with rhymes",
    "desk > critic: writer: Draft 2 with rhymes",
    "critic > desk: Lovely",
    "desk > user: Lovely",
  ]);
  expect(shown(again)).toEqual([
    "log writer (comment): Draft 1",
    "critic (comment): No rhymes",
    "writer (comment): Draft 2 with rhymes",
    "critic (answer): Lovely",
  ]);
  expect(asked()?.slice(-3)).toEqual([
    "user: user: Write\n\nwriter: Draft 1",
    "assistant: No rhymes",
    "user: writer: Draft 2 with rhymes",
  ]);
});

test("a word in a group within a group is changed", async () => {
  const outer = group("press", ["desk", "translator"], 2);
  const inner = group("desk", ["writer", "critic"], 3);
  const { session, author } = await open([outer, inner, writer, critic, entryOf({ name: "translator" })]);
  author.expect("Draft 1", "Too long", "Draft 2", "稿二");
  const turn = await session.ask("@press Write");
  author.expect("Draft 3", "稿三");
  const again = await replay(turn, messageIn(turn, "desk", "writer", 1), "critic: Make it shorter");
  expect(shown(again)).toEqual([
    "log writer (comment): Draft 1",
    "log critic (comment): Too long",
    "writer (comment): Draft 3",
    "translator (answer): 稿三",
  ]);
  expect(again.replay?.end).toBe("changed");
  expect(again.replay?.messages).toHaveLength(6);
  author.expect("稿四");
  const third = await replay(again, messageIn(again, "desk", "press"), "Draft 4");
  expect(shown(third).slice(-2)).toEqual(["writer (comment): Draft 4", "translator (answer): 稿四"]);
});

const asks = (agent: string, message: string) => ({
  toolCalls: [{ name: "ask_agent", arguments: { agent, message } }],
});

test("an agent that asks others and uses tools gets from the log what they gave; no tool runs twice", async () => {
  const used: string[] = [];
  const stamp = toolOf("stamp", () => `stamped ${used.push("stamp")}`, { effect: "acts" });
  const chief = entryOf({ name: "chief", asks: ["writer", "critic"], tools: ["stamp"] });
  const { session, author } = await open([chief, writer, critic], [stamp]);
  author.expect(
    { toolCalls: [{ name: "stamp", arguments: { text: "" } }] },
    asks("writer", "A poem"),
    "Roses",
    asks("critic", "Judge: Roses"),
    "Bad",
    "It is bad.",
  );
  const turn = await session.ask("@chief Go");
  author.expect("Good", "It is good.");
  const again = await replay(turn, messageIn(turn, "chief", "critic"), "Be kind: Roses");
  expect(used).toEqual(["stamp"]);
  expect(said(again).slice(-3)).toEqual([
    "chief > critic: Be kind: Roses",
    "critic > chief: Good",
    "chief > user: It is good.",
  ]);
  const read = JSON.stringify(author.requests.at(-1)?.messages);
  expect(read).toContain("stamped 1");
  expect(read).toContain("Be kind: Roses");
  expect(read).not.toContain("Judge: Roses");
  const tools = again.blocks.flatMap((block) =>
    block.kind === "tool" ? [[block.tool, block.phase, block.replayed]] : [],
  );
  expect(tools).toEqual([
    ["stamp", "ok", true],
    ["ask_agent", "ok", true],
    ["ask_agent", "ok", undefined],
  ]);
});

test("an agent in code works once more up to the change, with what others answered it", async () => {
  let rounds = 0;
  const code = entryOf(
    { name: "code" },
    {
      replies: [
        {
          name: "own",
          trigger: "anyone",
          reply: async ({ ask }) => {
            rounds += 1;
            const [one, two] = await Promise.all([ask("writer", "One"), ask("critic", "Two")]);
            return answer(`${one?.content} and ${two?.content}`);
          },
        },
      ],
    },
  );
  const { session, author } = await open([code, writer, critic]);
  author.expect("1", "2");
  const turn = await session.ask("@code Go");
  const again = await replay(turn, messageIn(turn, "critic", "code"), "zwei");
  expect(said(again)).toContain("critic > code: zwei");
  expect(said(again).at(-1)).toBe("code > user: 1 and zwei");
  expect(said(again)).toHaveLength(6);
  expect(rounds).toBe(2);
});

test("silence in the log is silence again", async () => {
  let heard = 0;
  const reply = () => {
    heard += 1;
    return Promise.resolve({ kind: "silence" as const });
  };
  const shy = entryOf({ name: "shy" }, { replies: [{ name: "own", trigger: "anyone", reply }] });
  const { session, author } = await open([group("desk", ["shy", "writer", "critic"], 3), shy, writer, critic]);
  author.expect("Draft", "Fine");
  const turn = await session.ask("@desk Write");
  author.expect("Better");
  const again = await replay(turn, messageIn(turn, "writer", "desk"), "My draft");
  expect(shown(again)).toEqual(["writer (comment): My draft", "critic (answer): Better"]);
  expect(heard).toBe(1);
});

test("a person who let an agent go on is not asked again before the change, and is asked after it", async () => {
  const heard: string[] = [];
  const humanInput: HumanInput = {
    ask: (question) => {
      heard.push(question);
      return Promise.resolve("");
    },
  };
  const always = entryOf({ name: "always", asks: ["writer"], inputMode: "ALWAYS" });
  const { session, author } = await open([always, entryOf({ name: "writer", inputMode: "ALWAYS" })], [], humanInput);
  author.expect(asks("writer", "A poem"), "Roses", "Here.");
  const turn = await session.ask("@always Go");
  expect(heard).toHaveLength(2);
  author.expect("Violets", "Here, too.");
  const again = await replay(turn, messageIn(turn, "always", "writer"), "Another poem");
  expect(again.replay?.end).toBe("changed");
  expect(heard.slice(2)).toEqual([expect.stringContaining("Another poem")]);
});

test("who failed fails again in the log, also where nobody bears the name, and whoever went on goes on", async () => {
  let failures = 0;
  const broken = entryOf(
    { name: "broken" },
    {
      replies: [
        {
          name: "own",
          trigger: "anyone",
          reply: () => Promise.reject(new Error(`out of paper ${(failures += 1)}`)),
        },
      ],
    },
  );
  const code = entryOf(
    { name: "code" },
    {
      replies: [
        {
          name: "own",
          trigger: "anyone",
          reply: async ({ ask }) => {
            const words: string[] = [];
            for (const name of ["broken", "nobody", "writer"]) {
              // One after the other.
              // oxlint-disable-next-line no-await-in-loop
              words.push(await ask(name, `Help: ${words.join()}`).then((reply) => reply?.content ?? "", messageOf));
            }
            return answer(words.join("; "));
          },
        },
      ],
    },
  );
  const { session, author } = await open([code, broken, writer]);
  author.expect("Roses");
  const turn = await session.ask("@code Go");
  const again = await replay(turn, messageIn(turn, "writer", "code"), "Violets");
  expect(again.replay?.end).toBe("changed");
  expect(failures).toBe(1);
  expect(said(again).at(-1)).toBe(
    "code > user: broken failed in own: out of paper 1; No agent is called nobody.; Violets",
  );
});
