import { describe, expect, test } from "vitest";
import { type ReplyFunction, answer, pass, silence } from "../core/reply.ts";
import type { DirectoryEntry } from "../directory/agent-directory.ts";
import { createCircle, entryOf, toolOf } from "../testing/conversing-fixture.ts";

const call = (name: string, input: object) => ({ toolCalls: [{ name, arguments: input }] });

function own(reply: ReplyFunction["reply"], fields: Partial<ReplyFunction> = {}): Partial<DirectoryEntry> {
  return { replies: [{ name: "own", trigger: "anyone", reply, ...fields }] };
}

function failing(): boolean {
  throw new Error("bad trigger");
}

const asking = (agent: string) => call("ask_agent", { agent, message: "And you?" });
const to = (...names: readonly string[]) => ({
  handOffs: names.map((agent) => ({ agent, label: "", prompt: `For ${agent}.` })),
});

describe("functions of its own", () => {
  test("answer before the model, and are shown like its words", async () => {
    const circle = createCircle([
      entryOf(
        { name: "bot" },
        own(() => Promise.resolve(answer("42", { sure: true }))),
      ),
    ]);
    expect(await circle.ask("bot")).toMatchObject({ content: "42", metadata: { sure: true } });
    expect(circle.shown).toEqual(["bot (answer): 42"]);
  });

  test("leave to the model what they pass, and say nothing where they are silent", async () => {
    const circle = createCircle([
      entryOf(
        { name: "bot" },
        own(() => Promise.resolve(pass)),
      ),
      entryOf(
        { name: "mute" },
        own(() => Promise.resolve(silence)),
      ),
    ]);
    circle.model.expect("The model.");
    expect((await circle.ask("bot"))?.content).toBe("The model.");
    expect(await circle.ask("mute")).toBeUndefined();
  });

  test("may ask the model, call tools and stream", async () => {
    const look = toolOf("look", () => "a lake");
    const circle = createCircle(
      [
        entryOf(
          { name: "bot", tools: ["look"] },
          own(async ({ help }) => {
            const seen = await help?.callTool("look", { text: "out" });
            const missing = await help?.callTool("fly", {});
            help?.show("I see ");
            const said = await help?.complete({ messages: [{ role: "user", content: "What is it?" }] }, (text) =>
              help.show(text),
            );
            return answer(`I see ${said?.text}. ${seen?.text}. ${missing?.failed}`);
          }),
        ),
      ],
      { tools: [look] },
    );
    circle.model.expect("water");
    expect((await circle.ask("bot"))?.content).toBe("I see water. a lake. true");
    const streamed = circle.events.flatMap((event) => (event.type === "text-delta" ? [event.text] : []));
    expect(streamed).toEqual(["I see ", "water"]);
    expect(circle.events.filter(({ type }) => type === "model-call")).toHaveLength(1);
  });

  test.each<[string, ReplyFunction["reply"], object]>([
    ["throws", () => Promise.reject(new Error("oops")), { code: "agent.threw", message: "bot failed in own: oops" }],
    [
      "throws at once",
      () => {
        throw new TypeError("at once");
      },
      { code: "agent.threw" },
    ],
    ["gives nothing back", () => Promise.resolve(JSON.parse("null")), { code: "agent.nonsense" }],
    ["gives a number back", () => Promise.resolve(JSON.parse("7")), { code: "agent.nonsense" }],
    [
      "answers with no text",
      () => Promise.resolve(JSON.parse('{"kind":"answer","content":{},"metadata":{}}')),
      { code: "agent.nonsense" },
    ],
  ])("one that %s is a clear error, and the next question is answered", async (_what, reply, problem) => {
    let calls = 0;
    const circle = createCircle([
      entryOf(
        { name: "bot" },
        own((context) => (calls++ === 0 ? reply(context) : Promise.resolve(answer("fine")))),
      ),
    ]);
    await expect(circle.ask("bot")).rejects.toMatchObject(problem);
    expect((await circle.ask("bot"))?.content).toBe("fine");
  });

  test("a trigger that throws is said to be one", async () => {
    const circle = createCircle([
      entryOf(
        { name: "bot" },
        own(() => Promise.resolve(pass), { trigger: failing }),
      ),
    ]);
    await expect(circle.ask("bot")).rejects.toMatchObject({ code: "agent.threw" });
  });

  test("one that hangs is given up when the time of the agent, or of the question, is used up", async () => {
    const hangs = own(() => new Promise(() => undefined));
    const slow = createCircle([entryOf({ name: "bot", limits: { seconds: 0.03 } }, hangs)]);
    await expect(slow.ask("bot")).rejects.toMatchObject({ code: "run.budget", details: { agent: "bot" } });
    const late = createCircle([entryOf({ name: "bot" }, hangs)], { limits: { timeMs: 30 } });
    await expect(late.ask("bot")).rejects.toMatchObject({ code: "run.budget", details: { what: "time" } });
  });

  test("one that hangs is stopped by the person", async () => {
    const circle = createCircle([
      entryOf(
        { name: "bot" },
        own(() => {
          setTimeout(() => circle.controller.abort(new Error("stopped")), 5);
          return new Promise(() => undefined);
        }),
      ),
    ]);
    await expect(circle.ask("bot")).rejects.toThrow("stopped");
  });
});

describe("asking others", () => {
  test("an agent asks those that it may ask, and the person does not see what they say to each other", async () => {
    const circle = createCircle([
      entryOf({ name: "ann", asks: ["ben"] }),
      entryOf({ name: "ben", description: "knows figures" }),
    ]);
    circle.model.expect(call("ask_agent", { agent: "ben", message: "How many?" }), "Seven.", "There are seven.");
    expect((await circle.ask("ann"))?.content).toBe("There are seven.");
    expect(circle.model.requests[0]?.tools?.[0]?.description).toContain("ben (knows figures)");
    expect(circle.messages).toEqual([
      "user > ann: What now?",
      "ann > ben: How many?",
      "ben > ann: Seven.",
      "ann > user: There are seven.",
    ]);
    expect(circle.shown).toEqual(["ann (answer): There are seven."]);
  });

  test("one that it may not ask is refused, and one that fails is told as a failure", async () => {
    const circle = createCircle([
      entryOf({ name: "ann", asks: ["ben"] }),
      entryOf(
        { name: "ben" },
        own(() => Promise.reject(new Error("ill"))),
      ),
      entryOf({ name: "cy" }),
    ]);
    circle.model.expect(
      call("ask_agent", { agent: "cy", message: "?" }),
      call("ask_agent", { agent: "ben", message: "?" }),
      "Nobody knows.",
    );
    expect((await circle.ask("ann"))?.content).toBe("Nobody knows.");
    const told = circle.model.requests.slice(1).map(({ messages }) => messages.at(-1)?.content);
    expect(told).toEqual([expect.stringContaining("does not take this input"), "ben failed in own: ill"]);
  });

  test("two that ask each other in a circle are told of it before a budget is used up, and answer", async () => {
    const circle = createCircle([entryOf({ name: "ann", asks: ["ben"] }), entryOf({ name: "ben", asks: ["ann"] })]);
    circle.model.expect(
      ...Array.from({ length: 6 }, (_, index) => asking(index % 2 === 0 ? "ben" : "ann")),
      ...Array.from({ length: 6 }, (_, index) => `Words ${index}`),
    );
    expect((await circle.ask("ann"))?.content).toBe("Words 5");
    expect(circle.model.requests[6]?.messages.at(-1)?.content).toContain(
      "The agents ask each other in a circle: ann → ben → ann. Answer without asking ann again.",
    );
  });

  test("two that would ask each other for ever are stopped by the budget, with the reason", async () => {
    const circle = createCircle([entryOf({ name: "ann", asks: ["ben"] }), entryOf({ name: "ben", asks: ["ann"] })], {
      limits: { modelCalls: 9 },
    });
    circle.model.expect(...Array.from({ length: 9 }, (_, index) => asking(index % 2 === 0 ? "ben" : "ann")));
    await expect(circle.ask("ann")).rejects.toMatchObject({
      code: "run.budget",
      message: expect.stringContaining("used up its 9 model calls"),
    });
  });

  test("an agent that asks itself is told so", async () => {
    const circle = createCircle([entryOf({ name: "ann", asks: ["ann"] })]);
    circle.model.expect(call("ask_agent", { agent: "ann", message: "?" }), "Well.");
    expect((await circle.ask("ann"))?.content).toBe("Well.");
    expect(circle.model.requests[1]?.messages.at(-1)?.content).toContain("message to itself");
  });
});

describe("handing off", () => {
  test("the other agent's answer is the answer, and is shown once, as its words", async () => {
    const circle = createCircle([entryOf({ name: "ann", ...to("ben") }), entryOf({ name: "ben" })]);
    circle.model.expect(call("hand_off", { agent: "ben", note: "Be brief." }), "Ben's answer.");
    expect((await circle.ask("ann", "Help"))?.content).toBe("Ben's answer.");
    expect(circle.messages).toEqual([
      "user > ann: Help",
      "ann > ben: Help\n\nFor ben.\n\nBe brief.",
      "ben > ann: Ben's answer.",
      "ann > user: Ben's answer.",
    ]);
    expect(circle.shown).toEqual(["ben (answer): Ben's answer."]);
  });

  test("what was written beside the call goes with the question", async () => {
    const circle = createCircle([entryOf({ name: "ann", ...to("ben") }), entryOf({ name: "ben" })]);
    const { toolCalls } = call("hand_off", { agent: "ben" });
    circle.model.expect({ text: "The draft.", toolCalls }, "Der Entwurf.");
    expect((await circle.ask("ann", "Help"))?.content).toBe("Der Entwurf.");
    expect(circle.messages[1]).toBe("ann > ben: Help\n\nFor ben.\n\nann wrote:\n\nThe draft.");
  });

  test("a question does not go round: whoever has had it answers, or another one", async () => {
    const circle = createCircle([
      entryOf({ name: "ann", ...to("ben") }),
      entryOf({ name: "ben", ...to("cy", "ann") }),
      entryOf({ name: "cy", ...to("ann", "ben") }),
    ]);
    circle.model.expect(
      call("hand_off", { agent: "ben" }),
      call("hand_off", { agent: "cy" }),
      call("hand_off", { agent: "ann" }),
      "Then I do it.",
    );
    expect((await circle.ask("ann"))?.content).toBe("Then I do it.");
    expect(circle.shown).toEqual(["cy (answer): Then I do it."]);
    expect(circle.model.requests[3]?.messages.at(-1)?.content).toBe(
      "ann has had this question already. Answer it yourself.",
    );
    expect(circle.model.requests[2]?.tools?.[0]?.description).toContain("Nobody is left");
  });
});

describe("an entry", () => {
  test("that changes meets the next message, which knows what was said before", async () => {
    const circle = createCircle([entryOf({ name: "ann", systemMessage: "Old." })]);
    circle.model.expect("One.", "Two.");
    await circle.ask("ann", "First");
    circle.declare(entryOf({ name: "ann", systemMessage: "New." }));
    await circle.ask("ann", "Second");
    expect(circle.model.requests[1]?.messages.map(({ content }) => content)).toEqual([
      "New.",
      "First",
      "One.",
      "Second",
    ]);
  });

  test("that is gone is nobody", async () => {
    const circle = createCircle([entryOf({ name: "ann" })]);
    circle.declare();
    await expect(circle.ask("ann")).rejects.toMatchObject({ code: "agent.unknown" });
  });

  test("that is broken says why", async () => {
    const problem = { code: "agent.broken", message: "The head ends in the middle.", details: { line: 3 } };
    const circle = createCircle([entryOf({ name: "ann" }, { state: "broken", problem })]);
    await expect(circle.ask("ann")).rejects.toMatchObject({
      code: "agent.broken",
      message: "ann cannot answer: The head ends in the middle.",
      details: { line: 3 },
    });
  });

  test("that has to be started is started, and what it then is answers", async () => {
    const circle = createCircle([
      entryOf(
        { name: "bot" },
        {
          state: "stopped",
          start: () => {
            circle.declare(
              entryOf(
                { name: "bot" },
                own(() => Promise.resolve(answer("started"))),
              ),
            );
            return Promise.resolve();
          },
        },
      ),
    ]);
    expect((await circle.ask("bot"))?.content).toBe("started");
  });

  test("whose model is named needs a provider that knows names", async () => {
    const circle = createCircle([entryOf({ name: "ann", model: "large-one" })]);
    await expect(circle.ask("ann")).rejects.toMatchObject({
      code: "model.missing",
      details: { looked: ["large-one"] },
    });
  });

  test("of two that bear one name the first answers", async () => {
    const circle = createCircle([
      entryOf(
        { name: "bot" },
        own(() => Promise.resolve(answer("first"))),
      ),
      entryOf(
        { name: "bot" },
        own(() => Promise.resolve(answer("second"))),
      ),
    ]);
    expect((await circle.ask("bot"))?.content).toBe("first");
  });
});

function person(words: string | null) {
  const prompts: string[] = [];
  const ask = (prompt: string) => {
    prompts.push(prompt);
    return Promise.resolve(words);
  };
  return { prompts, parts: { humanInput: { ask } } };
}

describe("an agent that wants the person's words", () => {
  test.each([
    ["says them in its place", "My words.", "My words."],
    ["is silent where the person ends it", null, undefined],
    ["answers itself where the person writes nothing", "", "The model."],
  ])("%s", async (_what, words, said) => {
    const { prompts, parts } = person(words);
    const circle = createCircle([entryOf({ name: "ann", inputMode: "ALWAYS" })], { parts });
    circle.model.expect(...(words === "" ? ["The model."] : []));
    expect((await circle.ask("ann", "Which one?"))?.content).toBe(said);
    expect(prompts).toEqual(["user (to ann):\n\nWhich one?"]);
    circle.model.assertFinished();
  });

  test("says so where nobody is there", async () => {
    const circle = createCircle([entryOf({ name: "ann", inputMode: "ALWAYS" })]);
    await expect(circle.ask("ann")).rejects.toMatchObject({ code: "agent.no-human" });
  });
});
