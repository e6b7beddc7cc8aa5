import { describe, expect, test } from "vitest";
import { toolsLeftOut } from "../ports/chat-model.ts";
import { createCircle, entryOf, toolOf } from "../testing/conversing-fixture.ts";

const call = (name: string, input: object | string, text = "") => ({ text, toolCalls: [{ name, arguments: input }] });
const ann = (fields: object = {}) => entryOf({ name: "ann", systemMessage: "You are ann.", ...fields });

const written = (text: string) => ({ text, repairs: [toolsLeftOut], pieceLength: 3 });

describe("an agent with a model", () => {
  test("answers by its system message and what it exchanged with the sender, streamed to the person", async () => {
    const circle = createCircle([ann()]);
    circle.model.expect({ text: "Hello there.", pieceLength: 5, reasoning: "hm" }, "Again.");
    expect((await circle.ask("ann", "Hi"))?.content).toBe("Hello there.");
    await circle.ask("ann", "And now?");
    expect(circle.model.requests[1]?.messages).toEqual([
      { role: "system", content: "You are ann." },
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Hello there." },
      { role: "user", content: "And now?" },
    ]);
    expect(circle.shown).toEqual(["ann (reasoning): hm", "ann (answer): Hello there.", "ann (answer): Again."]);
    const streamed = circle.events.flatMap((event) =>
      event.type === "text-delta" && event.role !== "reasoning" ? [event.text] : [],
    );
    expect(streamed.slice(0, 3)).toEqual(["Hello", " ther", "e."]);
    circle.model.assertFinished();
  });

  test("uses tools until it has only words; what it says on the way is a comment", async () => {
    const seen: unknown[] = [];
    const look = toolOf("look", (input) => `seen ${seen.push(input)}`);
    const circle = createCircle([ann({ tools: ["look"] })], { tools: [look] });
    circle.model.expect(call("look", { text: "a" }, "I look."), call("look", { text: "b" }), "Found.");
    expect((await circle.ask("ann"))?.content).toBe("Found.");
    expect(seen).toEqual([{ text: "a" }, { text: "b" }]);
    expect(circle.shown).toEqual(["ann (comment): I look.", "ann (answer): Found."]);
    const [first, second] = circle.model.requests;
    expect(first?.tools?.map(({ name }) => name)).toEqual(["look"]);
    expect(second?.messages.slice(-2)).toEqual([
      {
        role: "assistant",
        content: "I look.",
        toolCalls: [{ id: "call_1_0", name: "look", arguments: '{"text":"a"}' }],
      },
      { role: "tool", toolCallId: "call_1_0", content: "seen 1" },
    ]);
    const kinds = circle.events.map(({ type }) => type).filter((type) => type.startsWith("tool-"));
    expect(kinds).toEqual(["tool-call", "tool-end", "tool-call", "tool-end"]);
  });

  test.each([
    ["a tool that it was not given", "fly", '{"text":"x"}', "There is no tool called fly. Your tools: look."],
    ["input that is no JSON", "look", '{"text', "no JSON"],
    ["input that the schema refuses", "look", '{"text":5}', "does not take this input: text"],
  ])("that calls %s is told so, and nothing runs", async (_what, name, input, told) => {
    const look = toolOf("look", () => {
      throw new Error("ran");
    });
    const circle = createCircle([ann({ tools: ["look"] })], { tools: [look] });
    circle.model.expect(call(name, input), "Then without.");
    expect((await circle.ask("ann"))?.content).toBe("Then without.");
    expect(circle.model.requests[1]?.messages.at(-1)).toMatchObject({
      role: "tool",
      content: expect.stringContaining(told),
    });
    expect(circle.events.filter(({ type }) => type === "tool-call")).toEqual([]);
  });

  test("is told what a tool failed with", async () => {
    const look = toolOf("look", () => Promise.reject(new Error("no eyes")));
    const circle = createCircle([ann({ tools: ["look"] })], { tools: [look] });
    circle.model.expect(call("look", { text: "a" }), "Blind.");
    await circle.ask("ann");
    expect(circle.events).toContainEqual(expect.objectContaining({ type: "tool-end", failed: true, text: "no eyes" }));
  });

  test("that answers with nothing is asked once more, and then it is an error", async () => {
    const circle = createCircle([ann()]);
    circle.model.expect("", "Words.", " ", "");
    expect((await circle.ask("ann"))?.content).toBe("Words.");
    await expect(circle.ask("ann")).rejects.toMatchObject({ code: "model.empty" });
  });

  test("has to answer with its last call, without tools", async () => {
    const look = toolOf("look", () => "more");
    const circle = createCircle([ann({ tools: ["look"], limits: { modelCalls: 2 } })], { tools: [look] });
    circle.model.expect(call("look", { text: "a" }), "That is all I know.");
    expect((await circle.ask("ann"))?.content).toBe("That is all I know.");
    expect(circle.model.requests[1]?.tools).toBeUndefined();
    expect(circle.model.requests[1]?.messages.at(-1)?.content).toContain("No more tools");
  });

  test.each([
    ["tokens", { tokens: 20 }, "ann used up its 20 tokens for one message"],
    ["seconds", { seconds: 0.05 }, "ann used up its 0 seconds for one message"],
  ])("stops where its %s are used up, with the reason", async (_what, limits, reason) => {
    const look = toolOf("look", () => (reason.includes("seconds") ? new Promise(() => undefined) : "more"));
    const circle = createCircle([ann({ tools: ["look"], limits })], { tools: [look] });
    circle.model.expect(...Array.from({ length: 3 }, () => call("look", { text: "a" })));
    await expect(circle.ask("ann")).rejects.toMatchObject({
      code: "run.budget",
      message: expect.stringContaining(reason),
    });
  });

  test("is stopped while a tool hangs", async () => {
    const circle = createCircle([ann({ tools: ["look"] })], {
      tools: [
        toolOf("look", () => {
          circle.controller.abort(new Error("stopped"));
          return new Promise(() => undefined);
        }),
      ],
    });
    circle.model.expect(call("look", { text: "a" }));
    await expect(circle.ask("ann")).rejects.toThrow("stopped");
  });
});

describe("a tool that acts", () => {
  const mail = toolOf("mail", () => "sent", { effect: "acts" });

  test("waits for the person, whose no is told to the model", async () => {
    const circle = createCircle([ann({ tools: ["mail"] })], { tools: [mail] });
    circle.decisions.push("deny", "once");
    circle.model.expect(call("mail", { text: "a" }), call("mail", { text: "b" }), "Done.");
    await circle.ask("ann");
    expect(circle.asked.map(({ agent, tool, input }) => [agent, tool, input])).toEqual([
      ["ann", "mail", '{"text":"a"}'],
      ["ann", "mail", '{"text":"b"}'],
    ]);
    const told = circle.model.requests.slice(1).map(({ messages }) => messages.at(-1)?.content);
    expect(told).toEqual([expect.stringContaining("does not allow"), "sent"]);
  });

  test("runs at once where an earlier yes covers it", async () => {
    const circle = createCircle([ann({ tools: ["mail"] })], { tools: [mail], granted: () => true });
    circle.model.expect(call("mail", { text: "a" }), "Done.");
    await circle.ask("ann");
    expect(circle.asked).toEqual([]);
    expect(circle.events).toContainEqual(expect.objectContaining({ type: "tool-approval-answer", how: "granted" }));
  });
});

describe("a model that cannot call tools", () => {
  const look = toolOf("look", (input) => `seen ${JSON.stringify(input)}`);

  test("writes its calls, of which the person sees only the words before", async () => {
    const circle = createCircle([ann({ tools: ["look"] })], { tools: [look] });
    circle.model.expect(
      written("I know nothing of tools."),
      written('Let me look.\n```tool\n{"name": "look", "arguments": {"text": "a"}}\n```'),
      written("Found `it`."),
      written("Once more."),
    );
    expect((await circle.ask("ann"))?.content).toBe("Found `it`.");
    expect(circle.model.requests[1]?.messages[0]).toEqual({ role: "system", content: "You are ann." });
    expect(circle.model.requests[1]?.messages[1]).toMatchObject({
      role: "user",
      content: expect.stringContaining("```tool"),
    });
    expect(circle.model.requests[2]?.messages.at(-1)?.content).toBe('Result of look:\nseen {"text":"a"}');
    expect(circle.shown).toEqual(["ann (comment): Let me look.", "ann (answer): Found `it`."]);
    expect(circle.events.filter((event) => event.type === "text-delta" && event.text.includes("tool\n"))).toEqual([]);
    await circle.ask("ann", "Again");
    expect(circle.model.requests).toHaveLength(4);
  });

  test("is told what is wrong with a call that cannot be read", async () => {
    const circle = createCircle([ann({ tools: ["look"] })], { tools: [look] });
    circle.model.expect(written("?"), written('```tool\n{"name": "look", "argum'), written("Then not."));
    expect((await circle.ask("ann"))?.content).toBe("Then not.");
    expect(circle.model.requests[2]?.messages.at(-1)?.content).toContain("The call could not be read.");
  });
});

test("a conversation too long for the model is told shorter", async () => {
  const { AgentError } = await import("../base/errors.ts");
  const circle = createCircle([ann()]);
  circle.model.expect(
    "x".repeat(20_000),
    {
      error: new AgentError("model.too-long", { baseUrl: "", reason: "" }, "too long"),
    },
    "Short.",
  );
  await circle.ask("ann", "one");
  expect((await circle.ask("ann", "two"))?.content).toBe("Short.");
  expect(JSON.stringify(circle.model.requests[1]).length).toBeGreaterThan(20_000);
  expect(circle.model.requests[2]?.messages.map(({ content }) => content)).toEqual(["You are ann.", "two"]);
});

test("what is told of the session stands before the first words, not in the system message", async () => {
  const circle = createCircle([ann({ tools: ["look"] })], {
    parts: { about: (tools) => Promise.resolve(`Files: deaths.csv (${tools.join()})`) },
  });
  circle.model.expect("Seven.");
  await circle.ask("ann", "How many?");
  expect(circle.model.requests[0]?.messages).toEqual([
    { role: "system", content: "You are ann." },
    { role: "user", content: "Files: deaths.csv (look)\n\nHow many?" },
  ]);
});
